import {describe, expect, it} from 'vitest';
import {checkIds, prerequisites, type Setting, tokenPage} from '../../source/prerequisites/prerequisites.ts';

const settings: readonly Setting[] = (['jira-software', 'jira-feeds'] as const).flatMap(connector =>
  ([null, 'cloud', 'data-center'] as const).flatMap(deployment =>
    [true, false].map(practice => ({connector, deployment, practice})),
  ),
);
const textOf = (setting: Setting): string =>
  prerequisites(setting)
    .flatMap(({title, lines}) => [title, ...lines.map(({text}) => text)])
    .join('\n');

describe('the prerequisites', () => {
  it.each(settings)(
    'of $connector ($deployment, practice $practice) have one id, one title and something to say each',
    setting => {
      const list = prerequisites(setting);
      expect(new Set(list.map(({id}) => id)).size).toBe(list.length);
      for (const item of list)
        expect([item.title, item.lines.length > 0]).toEqual([expect.stringMatching(/^\S.{5,40}$/), true]);
      for (const id of checkIds) expect(list.filter(({check}) => check === id)).toHaveLength(1);
    },
  );

  it.each(settings)('of $connector ($deployment, practice $practice) put every address alone on its line', setting => {
    for (const {lines} of prerequisites(setting)) {
      for (const {kind, text} of lines) {
        if (kind === 'text' || kind === 'step') expect(text).not.toContain('https://');
        else expect(text).not.toMatch(/\s/);
      }
    }
  });

  it('try the store first: without it nothing else matters', () => {
    expect(prerequisites({connector: 'jira-software', deployment: null, practice: false})[0]?.check).toBe('store');
  });

  it('tell both ways as long as nobody knows the deployment, then one', () => {
    const unknown = textOf({connector: 'jira-software', deployment: null, practice: false});
    expect(unknown).toContain(tokenPage);
    expect(unknown).toContain('Personal Access Tokens');
    expect(textOf({connector: 'jira-software', deployment: 'cloud', practice: false})).not.toContain('Personal Access');
    expect(textOf({connector: 'jira-software', deployment: 'data-center', practice: false})).not.toContain(tokenPage);
  });

  it('name the permissions of the connector', () => {
    const feeds = textOf({connector: 'jira-feeds', deployment: null, practice: false});
    expect(feeds).toContain('Browse users and groups');
    expect(feeds).toContain('read:board-scope:jira-software');
    const software = textOf({connector: 'jira-software', deployment: null, practice: false});
    expect(software).toContain('Create, Edit and Transition Issues');
    expect(software).not.toContain('read:board-scope:jira-software');
  });
});
