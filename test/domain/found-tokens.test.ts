/** One whole token in any text is the token, whatever stands around it; what holds none is not sent. */
import {describe, expect, test} from 'vitest';
import {findToken} from '../../source/domain/find-token.ts';
import {pat, token} from './synthetic-token.ts';

/** As Atlassian made them before 2023: nothing proves one. */
const legacy = 'aB3dE6gH9jK2mN5pQ8sT1vX4';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const broken = (text: string, width: number): readonly string[] => text.match(new RegExp(`.{1,${width}}`, 'g')) ?? [];

const wrappings: readonly (readonly [where: string, wrap: (secret: string) => string])[] = [
  ['slack code', t => '```\n' + t + '\n```'],
  ['md bold', t => `**${t}**`],
  ['md inline', t => `Token is \`${t}\`.`],
  ['html', t => `<code>${t}</code>`],
  ['xml prop', t => `<property name="token" value="${t}"/>`],
  ['yaml', t => `jira:\n  url: https://acme.atlassian.net\n  username: you@acme.com\n  api_token: "${t}"\n`],
  ['yaml fold', t => `token: >-\n  ${t.slice(0, 80)}\n  ${t.slice(80)}\n`],
  ['toml', t => `[jira]\ntoken = '''${t}'''`],
  ['ini', t => `; comment\ntoken=${t} ; mine`],
  ['json escaped', t => JSON.stringify(JSON.stringify({token: t}))],
  ['url user', t => `https://you%40acme.com:${encodeURIComponent(t)}@acme.atlassian.net/`],
  ['curl header', t => `curl -H 'Authorization: Bearer ${t}' https://x`],
  ['curl basic b64', t => `curl -H "Authorization: Basic ${base64(`you@acme.com:${t}`)}" https://x`],
  ['powershell', t => `$env:JIRA_API_TOKEN="${t}"`],
  ['cmd set', t => `set JIRA_API_TOKEN=${t}\r\n`],
  ['fish', t => `set -x JIRA_API_TOKEN ${t}`],
  ['docker -e', t => `docker run -e JIRA_API_TOKEN=${t} image`],
  ['k8s secret b64', t => `apiVersion: v1\nkind: Secret\ndata:\n  token: ${base64(t)}\n`],
  ['terraform', t => `variable "jira_token" { default = "${t}" }`],
  ['python', t => `token = "${t}"  # jira`],
  ['js', t => `const token = '${t}';`],
  ['java props', t => `jira.token=${t.replace('=', '\\=')}`],
  ['wrapped 76', t => broken(t, 76).join('\n')],
  ['wrapped 64 crlf indent', t => '  ' + broken(t, 64).join('\r\n  ')],
  [
    'quoted mail',
    t =>
      t
        .match(/.{1,72}/g)!
        .map(l => '> ' + l)
        .join('\n'),
  ],
  [
    'qp',
    t =>
      t
        .match(/.{1,70}/g)!
        .join('=\n')
        .replace(/=(?=[0-9A-F]{8}$)/, '=3D'),
  ],
  ['bom', t => '\ufeff' + t],
  ['zwsp', t => t.slice(0, 50) + '\u200b' + t.slice(50)],
  ['nbsp', t => `\u00a0${t}\u00a0`],
  ['soft hyphen', t => t.slice(0, 90) + '\u00ad' + t.slice(90)],
  ['smart quotes', t => `“${t}”`],
  ['guillemets', t => `«${t}»`],
  ['trailing dot', t => `${t}.`],
  ['comma', t => `${t},`],
  ['semicolon', t => `${t};`],
  ['ansi', t => `\u001b[32m${t}\u001b[0m`],
  ['prompt', t => `$ echo ${t}\n${t}\n$ `],
  ['1password', t => `username: you@acme.com\npassword: ${t}`],
  ['german', t => `Ihr API-Token lautet: ${t}`],
  ['fullwidth colon', t => `トークン：${t}`],
  ['csv', t => `"jira","you@acme.com","${t}"`],
  ['tab sep', t => `acme\tyou@acme.com\t${t}`],
  ['pair', t => `you@acme.com:${t}`],
  ['pair b64', t => base64(`you@acme.com:${t}`)],
  ['diff', t => `-token: old\n+token: ${t}`],
  ['netrc', t => `machine acme.atlassian.net login you@acme.com password ${t}`],
  ['heredoc', t => `cat <<EOF\n${t}\nEOF`],
  ['lines', t => `${t}\n${t}\n`],
  ['urlencoded', t => encodeURIComponent(t)],
  ['utf16-ish nul', t => [...t].join('\0')],
  [
    'http dump',
    t =>
      `GET /rest HTTP/1.1\r\nHost: acme.atlassian.net\r\nAuthorization: Basic ${base64(`you@acme.com:${t}`)}\r\n\r\n`,
  ],
  ['line no', t => `  12 | token: ${t}`],
  ['jira-cli', t => `export JIRA_API_TOKEN='${t}' # added by me`],
  ['vim', t => `  1 ${t}\n~\n~`],
];

/** Nothing proves a token without a checksum: cut, packed or among numbers it is not looked for. */
const provenOnly = /^(?:wrapped|yaml fold|quoted|qp|k8s|curl basic|url user|http dump|csv)/;

describe.each([
  ['a Cloud token', token],
  ['a personal access token', pat],
  ['a token of before 2023', legacy],
])('%s is found in', (_kind, secret) => {
  test.each(wrappings.filter(([where]) => secret !== legacy || !provenOnly.test(where)))('%s', (_where, wrap) => {
    expect(findToken(wrap(secret))).toMatchObject({kind: 'token', token: secret});
  });
});

test.each([
  ['`cat token`', 'variable'],
  ['#{jira.token}#', 'variable'],
  ['@@JIRA_TOKEN@@', 'variable'],
  ['__JIRA_TOKEN__', 'variable'],
  ['vault:secret/jira#token', 'reference'],
  ['@Microsoft.KeyVault(SecretUri=https://acme.vault.azure.net/secrets/jira)', 'reference'],
  ['arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/jira', 'reference'],
  ['ENC[AES256_GCM,data:abc,iv:def]', 'encrypted'],
  ['ENC(abc)', 'encrypted'],
  ['{cipher}0a1b', 'encrypted'],
  ['$ANSIBLE_VAULT;1.1;AES256\n6162', 'encrypted'],
  ['...', 'masked'],
  ['ATATT...', 'masked'],
  ['ATATT3xFfGF0****', 'masked'],
  ['REDACTED', 'masked'],
  ['null', 'empty'],
  ['undefined', 'empty'],
  ['None', 'empty'],
  ['TODO', 'empty'],
  ['file:///run/secrets/jira', 'path'],
  ['C:\\Users\\you\\token.txt', 'path'],
  ['{"url": "https://acme.atlassian.net", "user": "you@acme.com"}', 'text'],
  ['Error: no token, sorry!', 'text'],
])('%j holds no token: %s', (text, reason) => {
  expect(findToken(text)).toMatchObject({kind: 'unusable', reason});
});
