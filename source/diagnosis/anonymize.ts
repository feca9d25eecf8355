/** A test as it may be posted where strangers read: who signs in is only hinted at, folders of a home are not named. Pure. */
import {type Clean, clean} from '../domain/clean.ts';
import type {PastTest} from './past-test.ts';

/** Enough of a name to recognise one's own. */
export function anonymize(name: string): Clean {
  const [local = '', domain] = name.split('@');
  return clean(`${[...local][0] ?? ''}…${domain === undefined ? '' : `@${domain}`}`);
}

/** Login names that are words of our own sentences; alone they name nobody. */
const ordinary = new Set(
  'account admin administrator api bot feed feeds integration jira login me project root service site test user you'.split(
    ' ',
  ),
);

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');

/** A name where it stands as a whole word; one that is an ordinary word only where it is quoted as somebody's name. */
function pattern(name: string): RegExp {
  const word = literal(name);
  if (!ordinary.has(name.toLowerCase())) return new RegExp(`(?<![\\p{L}\\p{N}])${word}(?![\\p{L}\\p{N}])`, 'giu');
  return new RegExp(`(?<=[(“"'=:]\\s?|(?:Username|-u|--username) '?)${word}(?=$|[)”"',;:.\\s])`, 'giu');
}

/**
 * @param home the user's home folder as an absolute path, '' where there is none
 * @returns the same test with username and account anonymized in every text of it
 */
export function anonymized(test: PastTest, home = ''): PastTest {
  const {credential, account} = test.report;
  const {passedBy} = test;
  const names = [
    credential.username,
    account?.email,
    account?.displayName,
    account?.id,
    passedBy?.username,
    passedBy?.account,
  ]
    .flatMap(name => (name === undefined || name === null || name.length < 2 ? [] : [String(name)]))
    .sort((a, b) => b.length - a.length);
  const changes: (readonly [RegExp, string])[] = [
    ...(home.length > 1 ? [[new RegExp(`${literal(home)}(?=/|$|['\\s])`, 'gu'), '~'] as const] : []),
    ...names.flatMap(name => [
      [pattern(name), anonymize(name)] as const,
      ...(encodeURIComponent(name) === name ? [] : [[pattern(encodeURIComponent(name)), anonymize(name)] as const]),
    ]),
  ];
  const hide = (value: unknown): unknown => {
    if (typeof value === 'string') return changes.reduce((text, [from, to]) => text.replace(from, () => to), value);
    if (Array.isArray(value)) return value.map(hide);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, hide(inner)]));
  };
  const {report, trust, proxy} = test;
  const shown: unknown = {
    ...test,
    trust: hide(trust),
    proxy: hide(proxy),
    passedBy: hide(passedBy),
    report: {
      ...report,
      credential: {...report.credential, username: anonymize(credential.username)},
      account:
        account === null
          ? null
          : {
              ...account,
              displayName: anonymize(account.displayName),
              id: anonymize(account.id),
              email: account.email === null ? null : anonymize(account.email),
            },
      steps: hide(report.steps),
      failure: hide(report.failure),
      warnings: hide(report.warnings),
    },
  };
  // Of the same form as before: only texts were replaced, by clean ones.
  return shown as PastTest;
}
