/**
 * Every command of README and docs, run as a reader would: page by page, in the order printed, in a home of its own with
 * acme.atlassian.net played by a server here. A fence that cannot be run says why in its first line:
 * `sh interactive` needs a terminal, `sh no-run …` needs something this machine may not have.
 */
import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join, resolve} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {program} from '../support/build.ts';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {makeAuthority} from '../support/lab/authority.ts';
import {type Proxied, startProxy} from '../support/lab/proxy.ts';
import {type Served, serve} from '../support/lab/serve.ts';
import {folder} from '../support/program.ts';

const root = resolve(import.meta.dirname, '../..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
];

type Fence = Readonly<{info: string; text: string}>;
const fencesOf = (page: string): readonly Fence[] =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```(\S.*)?\n([\s\S]*?)^```$/gm)].map(
    ([, info = '', text = '']) => ({
      info,
      text,
    }),
  );
const runnable = (page: string): readonly Fence[] =>
  fencesOf(page).filter(({info}) => info === 'sh' || /^sh exit=\d+$/.test(info));

const token = syntheticToken();
const newToken = syntheticToken();
const phrase = 'correct-horse-battery-staple-blue-river';
let jira: Served;
let proxy: Proxied;
let ca = '';
beforeAll(async () => {
  const authority = await makeAuthority();
  ca = authority.pem;
  const {cert, key} = await authority.issue({names: ['acme.atlassian.net', 'api.atlassian.com']});
  const [old, renewed] = [token, newToken].map(each => cloudJira({username: 'you@acme.com', token: each}));
  const withNew = `Basic ${Buffer.from(`you@acme.com:${newToken}`).toString('base64')}`;
  jira = await serve(
    (asked, response) => (asked.headers.authorization === withNew ? renewed : old)?.(asked, response),
    {tls: {cert, key}},
  );
  proxy = await startProxy({to: jira.port});
});
afterAll(async () => {
  await Promise.all([proxy.close(), jira.close()]);
});

/** A machine as a page expects it: secrets in place, and, but where a page makes the first one itself, a credential. */
function machine() {
  const place = folder();
  const at = (...parts: string[]): string => join(place.path, ...parts);
  for (const path of ['bin', 'home', 'work', 'run/secrets', 'etc/jirakey', 'etc/ssl'])
    mkdirSync(at(path), {recursive: true});
  const file = (path: string, text: string, mode = 0o600): void => {
    writeFileSync(at(path), text);
    chmodSync(at(path), mode);
  };
  file('bin/jirakey', `#!/bin/sh\nexec '${process.execPath}' '${program}' "$@"\n`, 0o755);
  file('run/secrets/token', token);
  file('run/secrets/new-token', newToken);
  for (const path of ['run/secrets/passphrase', 'etc/jirakey/passphrase']) file(path, phrase);
  file('etc/ssl/company-ca.pem', ca, 0o644);
  const env = {
    PATH: `${at('bin')}:${process.env.PATH ?? ''}`,
    HOME: at('home'),
    LANG: 'C.UTF-8',
    TOKEN: token,
    HTTPS_PROXY: proxy.url,
    SSL_CERT_FILE: at('etc/ssl/company-ca.pem'),
  };
  const own = (text: string): string =>
    text.replace(/(?<![\w.~-])\/(?=(?:run\/secrets|etc\/jirakey|etc\/ssl\/company-ca)\b)/g, `${place.path}/`);
  async function sh(script: string): Promise<{code: number | null; stdout: string; stderr: string}> {
    const child = spawn('bash', ['-euo', 'pipefail', '-c', own(script)], {
      cwd: at('work'),
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => {
      stdout += chunk;
    });
    child.stderr.on('data', chunk => {
      stderr += chunk;
    });
    const [code] = await once(child, 'close');
    return {code, stdout, stderr};
  }
  return {sh, remove: place.remove};
}

const saveAcme =
  'jirakey setup --no-input --name acme --url https://acme.atlassian.net --username you@acme.com --expires +90 ' +
  '--token-file /run/secrets/token --passphrase-file /run/secrets/passphrase';

const withCommands = pages.filter(page => runnable(page).length > 0);

describe.each(withCommands)('%s', page => {
  it('its commands work as printed', async () => {
    const {sh, remove} = machine();
    try {
      const first = /\bjirakey setup\b/.test(runnable(page)[0]?.text ?? '');
      if (!first) expect(await sh(saveAcme)).toMatchObject({code: 0});
      for (const {info, text} of runnable(page)) {
        const expected = Number(/exit=(\d+)/.exec(info)?.[1] ?? 0);
        const {code, stdout, stderr} = await sh(text);
        expect(code, `${text}\n${stdout}\n${stderr}`).toBe(expected);
      }
    } finally {
      remove();
    }
  });
});

/** Times, ports, ids and the days a certificate is valid differ from run to run. */
const settled = (text: string): string =>
  text
    .replace(/\b[0-9a-f]{32}\b/g, 'ID')
    .replace(/\d{4}-\d{2}-\d{2}/g, 'DAY')
    .replace(/ *\d+ ms/g, ' N ms')
    .replace(/(localhost|127\.0\.0\.1):\d+/g, '$1:PORT');

describe('what is shown as output', () => {
  const shown = pages.flatMap(page =>
    fencesOf(page)
      .filter(({info}) => info === 'console')
      .map(({text}) => [text.split('\n')[0]?.replace(/^\$ /, '') ?? '', text.split('\n').slice(1).join('\n')] as const),
  );

  it('there is some', () => expect(shown.length).toBeGreaterThan(1));

  it.each(shown)('%s', async (command, text) => {
    const {sh, remove} = machine();
    try {
      const {stdout} = await sh(`unset HTTPS_PROXY SSL_CERT_FILE; ${command} || true`);
      // Between two … each passage stands as it is printed, in this order.
      let rest = settled(stdout);
      for (const passage of settled(text)
        .split(/^…\n/m)
        .filter(each => each !== '')) {
        expect(rest).toContain(passage);
        rest = rest.slice(rest.indexOf(passage) + passage.length);
      }
    } finally {
      remove();
    }
  });
});

describe('the pages', () => {
  it.each(pages)('%s: every fence has a kind that is known, and one that is not run says why', page => {
    const odd = fencesOf(page).filter(
      ({info}) =>
        !/^(?:sh(?: exit=\d+| interactive| no-run \w.+)?|console|ini|yaml|json|dockerfile)?$/.test(info) ||
        (info === '' && /^\s*(?:\$ )?jirakey /m.test(fencesOf(page).find(each => each.info === '')?.text ?? '')),
    );
    expect(odd).toEqual([]);
  });

  it('few are not run', () => {
    const all = pages.flatMap(fencesOf).filter(({info}) => info.startsWith('sh'));
    const left = all.filter(({info}) => info.includes('no-run') || info.includes('interactive'));
    expect(all.length).toBeGreaterThan(25);
    expect(left.length).toBeLessThan(all.length / 2);
  });

  it('every page stands in the index, and every link leads somewhere', () => {
    const index = readFileSync(join(root, 'docs/README.md'), 'utf8');
    const missing = pages.filter(
      page => page.startsWith('docs/') && page !== 'docs/README.md' && !index.includes(`(${page.slice(5)})`),
    );
    expect(missing).toEqual([]);
    const dead = pages.flatMap(page =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#]+)/g)].flatMap(([, link = '']) => {
        const path = resolve(root, page, '..', link);
        return existsSync(path) ? [] : [`${page}: ${link}`];
      }),
    );
    expect(dead).toEqual([]);
  });
});
