// Opening a seal, against the platform's own scrypt with the same parameters: time, and the memory it takes.
import {execFile} from 'node:child_process';
import {randomBytes, scrypt} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {promisify} from 'node:util';
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
    const idle = await peakOf(outfile, sealed, '');
    const busy = await peakOf(outfile, sealed, `await open(sealed, new Secret('${passphrase.reveal()}'));`);
    const scryptMemory = (128 * N * 8) / 2 ** 20;
    return [
      row('unlock a credential', unlock, 'one scrypt of the platform (goal 1.10)', unlock / basis),
      `${'memory of an unlock'.padEnd(44)} ${`${(busy - idle).toFixed(0)} MiB`.padStart(9)}   ${((busy - idle) / scryptMemory).toFixed(2)} × scrypt’s own ${scryptMemory} MiB (the process: ${idle.toFixed(0)} MiB before)`,
    ];
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** The most memory a process has had, in MiB, having loaded the vault and run `work` on it. */
async function peakOf(outfile, sealed, work) {
  const script = `
    const {open, Secret} = await import(process.argv[1]);
    const sealed = process.argv[2];
    ${work}
    process.stdout.write(String(process.resourceUsage().maxRSS / 1024));`;
  const args = ['--input-type=module', '-e', script, pathToFileURL(outfile).href, sealed];
  const {stdout} = await promisify(execFile)(process.execPath, args);
  return Number(stdout);
}
