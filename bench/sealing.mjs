// Sealing and opening, against the platform's own scrypt with the same parameters.
import {randomBytes, scrypt} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {build} from 'esbuild';
import {inTurn, row, timed} from './measure.mjs';

const N = 2 ** 18;
const platform = () =>
  new Promise((resolve, reject) => {
    scrypt('passphrase', randomBytes(16), 32, {N, r: 8, p: 1, maxmem: 2 ** 30}, error =>
      error ? reject(error) : resolve(),
    );
  });

export async function sealing() {
  const folder = await mkdtemp(join(tmpdir(), 'jirakey-bench-'));
  try {
    const outfile = join(folder, 'vault.mjs');
    await build({
      stdin: {
        contents:
          "export {seal, open} from './source/vault/seal.ts'; export {Secret} from './source/domain/secret.ts';",
        resolveDir: process.cwd(),
        loader: 'ts',
      },
      outfile,
      bundle: true,
      platform: 'node',
      format: 'esm',
    });
    const {seal, open, Secret} = await import(pathToFileURL(outfile).href);
    const passphrase = new Secret('correct horse battery staple');
    const content = {
      v: 1,
      name: 'bench',
      description: '',
      connector: 'jira-software',
      url: 'https://acme.atlassian.net',
      username: 'you@acme.com',
      scheme: 'basic',
      route: 'site',
      cloudId: null,
      token: 'x'.repeat(192),
      expiresAt: null,
      sealedAt: new Date().toISOString(),
      seq: 1,
    };
    const sealed = await seal(content, passphrase);
    const [unlock, basis] = await inTurn(
      () => timed(() => open(sealed, passphrase)),
      () => timed(platform),
      5,
    );
    return [row('unlock a credential', unlock, 'one scrypt of the platform (goal 1.10)', unlock / basis)];
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}
