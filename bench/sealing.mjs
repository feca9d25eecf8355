// Unlocking a store, against the platform's own scrypt with the same parameters: time, and the memory it takes.
import {execFile} from 'node:child_process';
import {randomBytes, scrypt} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {bundled} from './bundled.mjs';
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
    const {href, lockKey, makeStoreKey, unlockKey, Secret} = await bundled(
      folder,
      'vault',
      "export {lockKey, makeStoreKey, unlockKey} from './source/vault/store-key.ts'; export {Secret} from './source/domain/secret.ts';",
    );
    const passphrase = new Secret('correct horse battery staple');
    const locked = await lockKey(await makeStoreKey(), passphrase);
    const [unlock, basis] = await inTurn(
      () => timed(() => unlockKey(locked, passphrase)),
      () => timed(platform),
      5,
    );
    const idle = await peakOf(href, locked, '');
    const busy = await peakOf(href, locked, `await unlockKey(locked, new Secret('${passphrase.reveal()}'));`);
    const scryptMemory = (128 * N * 8) / 2 ** 20;
    return [
      row('unlock a store', unlock, 'one scrypt of the platform (goal 1.10)', unlock / basis),
      `${'memory of an unlock'.padEnd(44)} ${`${(busy - idle).toFixed(0)} MiB`.padStart(9)}   ${((busy - idle) / scryptMemory).toFixed(2)} × scrypt’s own ${scryptMemory} MiB (the process: ${idle.toFixed(0)} MiB before)`,
    ];
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

/** The most memory a process has had, in MiB, having loaded the vault and run `work` on it. */
async function peakOf(href, locked, work) {
  const script = `
    const {unlockKey, Secret} = await import(process.argv[1]);
    const locked = process.argv[2];
    ${work}
    process.stdout.write(String(process.resourceUsage().maxRSS / 1024));`;
  const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, href, locked]);
  return Number(stdout);
}
