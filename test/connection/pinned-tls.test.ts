/** What Node's options may not loosen: the program itself, started with them, against a server that encrypts nothing. */
import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, test} from 'vitest';
import {cloudJira, syntheticToken} from '../support/jira.ts';
import {serve} from '../support/lab/serve.ts';
import {folder, run} from '../support/program.ts';
import {bench, using} from './lab.ts';

const nothingEncrypted = {ciphers: 'NULL-SHA256:ECDHE-ECDSA-NULL-SHA:ECDHE-RSA-NULL-SHA:@SECLEVEL=0'};
const loose = {NODE_OPTIONS: '--tls-cipher-list=ALL:eNULL:@SECLEVEL=0'};

async function tested(tls: Readonly<{ciphers?: string}>) {
  const place = folder();
  try {
    const {authority, issued} = await bench();
    const token = syntheticToken();
    const server = await using(serve(cloudJira({token}), {tls: {...issued, ...tls, maxVersion: 'TLSv1.2'}}));
    const [ca, tokenFile] = [join(place.path, 'ca.pem'), join(place.path, 'token')];
    writeFileSync(ca, authority.pem);
    writeFileSync(tokenFile, token, {mode: 0o600});
    const login = ['--username', 'you@acme.com', '--token-file', tokenFile];
    const ended = await run(['test', '--url', server.url, ...login, '--ca-file', ca, '--json'], {env: loose});
    return {...ended, requests: server.requests.length};
  } finally {
    place.remove();
  }
}

test('a cipher that encrypts nothing is refused whatever NODE_OPTIONS allows', async () => {
  const {code, stdout, requests} = await tested(nothingEncrypted);
  expect(code).not.toBe(0);
  expect(stdout).toContain('"tls-');
  expect(requests).toBe(0);
});

test('with the same options a server that encrypts passes', async () => {
  const {code, requests} = await tested({});
  expect(code).toBe(0);
  expect(requests).toBeGreaterThan(0);
});
