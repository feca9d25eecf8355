import fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import {parseSite, type Site} from '../../source/domain/site.ts';
import {anyToken, pat, sealedToken, token} from './synthetic-token.ts';

const accepted = (text: string): Site => {
  const parsed = parseSite(text);
  if (!parsed.ok) throw new Error(`${JSON.stringify(text)} was refused: ${parsed.problem.reason}`);
  return parsed.site;
};
const refused = (text: string): {code: string; reason: string} => {
  const parsed = parseSite(text);
  if (parsed.ok) throw new Error(`${JSON.stringify(text)} was accepted as ${parsed.site.url}`);
  return parsed.problem;
};

const cloud = 'https://acme.atlassian.net';
const own = 'https://jira.acme.example';

/** What is pasted, and the base address it becomes. */
const addresses: readonly (readonly [text: string, url: string])[] = [
  // As it should be typed
  [cloud, cloud],
  [own, own],
  [`${own}/jira`, `${own}/jira`],
  ['https://jira.acme.example:8443/jira', 'https://jira.acme.example:8443/jira'],
  // Scheme
  ['acme.atlassian.net', cloud],
  ['//acme.atlassian.net', cloud],
  ['https:acme.atlassian.net', cloud],
  ['https:/acme.atlassian.net', cloud],
  ['https//acme.atlassian.net', cloud],
  ['https:///acme.atlassian.net', cloud],
  ['https://https://acme.atlassian.net', cloud],
  ['view-source:https://acme.atlassian.net/browse/ABC-1', cloud],
  ['jira.acme.example:8443', 'https://jira.acme.example:8443'],
  ['localhost:8080', 'https://localhost:8080'],
  ['acme', 'https://acme'],
  ['jira:8080/jira', 'https://jira:8080/jira'],
  ['http:8080', 'https://http:8080'],
  // Case, dots, slashes, ports
  ['HTTPS://ACME.Atlassian.NET', cloud],
  ['acme.atlassian.net.', cloud],
  ['https://acme.atlassian.net./browse/ABC-1', cloud],
  [`${cloud}/`, cloud],
  [`${cloud}//`, cloud],
  [`${cloud}:443`, cloud],
  [`${cloud}:443/`, cloud],
  [`${cloud}:`, cloud],
  [`${own}:0443/jira`, `${own}/jira`],
  [`${own}:80`, `${own}:80`],
  [`${own}/jira/`, `${own}/jira`],
  [`${own}//jira//`, `${own}/jira`],
  [`${own}/jira.`, `${own}/jira`],
  [`${own}/a/../jira`, `${own}/jira`],
  [`${own}/JIRA`, `${own}/JIRA`],
  // Loopback, where http:// may go
  ['http://localhost:8080', 'http://localhost:8080'],
  ['http://localhost.:8080/jira/', 'http://localhost:8080/jira'],
  ['http://LOCALHOST', 'http://localhost'],
  ['http://127.0.0.1', 'http://127.0.0.1'],
  ['http://127.0.0.1:80/', 'http://127.0.0.1'],
  ['http://127.8.9.10:2990/jira', 'http://127.8.9.10:2990/jira'],
  ['http://[::1]:8080', 'http://[::1]:8080'],
  ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
  ['[::1]', 'https://[::1]'],
  ['https://[2001:DB8::1]:8443/jira', 'https://[2001:db8::1]:8443/jira'],
  ['https://192.0.2.7:8443', 'https://192.0.2.7:8443'],
  // Pages of Jira Cloud
  [`${cloud}/jira`, cloud],
  [`${cloud}/jira/software/projects/ABC/boards/1?x=y`, cloud],
  [`${cloud}/jira/software/c/projects/ABC/boards/1/backlog`, cloud],
  [`${cloud}/jira/your-work`, cloud],
  [`${cloud}/jira/for-you`, cloud],
  [`${cloud}/jira/servicedesk/projects/HELP/queues/custom/1`, cloud],
  [`${cloud}/browse/ABC-1`, cloud],
  [`${cloud}/browse/ABC-1?focusedCommentId=10#comment-10`, cloud],
  [`${cloud}/secure/Dashboard.jspa`, cloud],
  [`${cloud}/secure/RapidBoard.jspa?rapidView=1`, cloud],
  [`${cloud}/plugins/servlet/ac/com.example/page`, cloud],
  [`${cloud}/login.jsp?os_destination=%2Fdefault.jsp`, cloud],
  [`${cloud}/wiki/spaces/ABC/overview`, cloud],
  [`${cloud}/rest/api/2/myself`, cloud],
  [`${cloud}/rest/agile/1.0/board`, cloud],
  [`${cloud}/issues/?jql=project%20%3D%20ABC`, cloud],
  [`${cloud}/o/0/anything/at-all;v=1#here`, cloud],
  ['https://acme.jira.com/browse/ABC-1', 'https://acme.jira.com'],
  // Pages of Data Center
  [`${own}/browse/ABC-1`, own],
  [`${own}/jira/browse/ABC-1`, `${own}/jira`],
  [`${own}/tracker/browse/ABC-1`, `${own}/tracker`],
  [`${own}/apps/jira/browse/ABC-1`, `${own}/apps/jira`],
  [`${own}/issues/browse/ABC-1`, `${own}/issues`],
  [`${own}/issues/?jql=`, own],
  [`${own}/issues`, `${own}/issues`],
  [`${own}/projects/ABC/issues/ABC-1`, own],
  [`${own}/jira/projects/ABC/summary`, `${own}/jira`],
  [`${own}/secure/Dashboard.jspa`, own],
  [`${own}/jira/secure/RapidBoard.jspa?rapidView=7&view=planning`, `${own}/jira`],
  [
    `${own}/jira/secure/ViewProfile.jspa?selectedTab=com.atlassian.pats.pats-plugin:jira-user-personal-access-tokens`,
    `${own}/jira`,
  ],
  [`${own}/plugins/servlet/streams`, own],
  [`${own}/login.jsp;jsessionid=0123ABCD?permissionViolation=true`, own],
  [`${own}/jira/login.jsp?os_destination=%2Fsecure%2FDashboard.jspa`, `${own}/jira`],
  [`${own}/jira/rest/api/2/serverInfo`, `${own}/jira`],
  [`${own}/jira/REST/api/2/myself`, `${own}/jira`],
  [`${own}/jira/servicedesk/customer/portal/1`, `${own}/jira`],
  [`${own}/jira/?os_username=fred`, `${own}/jira`],
  [`${own}/jira#top`, `${own}/jira`],
  // A company's own name in front of Jira Cloud
  [`${own}/jira/software/c/projects/ABC/boards/1`, own],
  [`${own}/jira/servicedesk/projects/HELP`, own],
  [`${own}/wiki/spaces/ABC`, own],
  // What mail, chats, shells and wikis put around it
  [`  ${cloud}  `, cloud],
  [`URL: ${cloud}`, cloud],
  [`ｈｔｔｐｓ：//acme.atlassian.net`, cloud],
  ['https://acme.atlassian.net.mcas.ms/jira', cloud],
  ['https://acme.atlassian.net.us3.mcas.ms/jira', cloud],
  ['https://jira.acme.example.us3.access-control.cas.ms', own],
  // Links that something else has rewritten
  ['https://nam02.safelinks.protection.outlook.com/?url=https%3A%2F%2Facme.atlassian.net%2F&data=05', cloud],
  [
    'https://eur01.safelinks.protection.outlook.com/ap/t-1/?url=https%3A%2F%2Fjira.acme.example%2Fjira&data=05',
    `${own}/jira`,
  ],
  ['https://urldefense.com/v3/__https://acme.atlassian.net/browse/ABC-1__;!!abc$', cloud],
  ['https://urldefense.proofpoint.com/v2/url?u=https-3A__jira.acme.example_jira&d=Dw', `${own}/jira`],
  ['https://www.google.com/url?q=https://acme.atlassian.net/&sa=D', cloud],
  ['https://linkprotect.cudasvc.com/url?a=https%3a%2f%2facme.atlassian.net&c=E', cloud],
  ['https://secure-web.cisco.com/1abc/https%3A%2F%2Facme.atlassian.net', cloud],
  ['https://protect-eu.mimecast.com/s/abc?domain=acme.atlassian.net', cloud],
  // … and what only names another in its query
  ['https://jira.acme.example/jira/login.jsp?os_destination=https://evil.example/', `${own}/jira`],
  [`${cloud}\n`, cloud],
  [`\t${cloud}\r\n`, cloud],
  [`"${cloud}"`, cloud],
  [`'${cloud}/'`, cloud],
  [`“${cloud}”`, cloud],
  [`\`${cloud}\``, cloud],
  [`<${cloud}>`, cloud],
  [`${cloud},`, cloud],
  [`${cloud};`, cloud],
  [`[our Jira](${cloud}/browse/ABC-1)`, cloud],
  [`[${cloud}](${cloud})`, cloud],
  [`[our Jira|${cloud}/browse/ABC-1]`, cloud],
  [`<${cloud}/browse/ABC-1|ABC-1>`, cloud],
  [`JIRA_URL=${cloud}`, cloud],
  [`export JIRA_URL="${cloud}"`, cloud],
  [`\u200b${cloud}\ufeff`, cloud],
  ['https://acme.atla\u00adssian.net', cloud],
  // Letters beyond ASCII
  ['https://ａｃｍｅ．atlassian.net', cloud],
  ['https://jira。acme。example', own],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ['https://xn--bcher-kva.example/jira', 'https://xn--bcher-kva.example/jira'],
  ['https://jira_dev.acme.example', 'https://jira_dev.acme.example'],
  ['https://jira.atlassian.com/browse/JRASERVER-1', 'https://jira.atlassian.com'],
];

/** What is refused, and a word the reason must have. */
const refusals: readonly (readonly [text: string, code: string, word: RegExp])[] = [
  ['', 'url-invalid', /No address/],
  ['   ', 'url-invalid', /No address/],
  ['""', 'url-invalid', /No address/],
  ['https://', 'url-invalid', /host name/],
  ['https:///', 'url-invalid', /host name/],
  ['https://:8080', 'url-invalid', /host name/],
  ['https://?x', 'url-invalid', /host name/],
  ['https://.', 'url-invalid', /host name/],
  ['https://acme..example', 'url-invalid', /host name/],
  ['https://-acme.example', 'url-invalid', /host name/],
  ['--help', 'url-invalid', /host name/],
  ['https://acme-.example', 'url-invalid', /host name/],
  [`https://${'a'.repeat(64)}.example`, 'url-invalid', /host name/],
  [`https://${'abcdefgh.'.repeat(30)}example`, 'url-invalid', /host name/],
  ['https://acme%2eexample', 'url-invalid', /host name/],
  ['https://acme$(id).example', 'url-invalid', /host name/],
  ['https://acme;id', 'url-invalid', /host name/],
  ['https://acme／evil.example', 'url-invalid', /host name/],
  ['https://<your-site>.atlassian.net', 'url-invalid', /host name/],
  ['https://1.2.3.256', 'url-invalid', /host name/],
  [`${cloud}\n.evil.example`, 'url-invalid', /line end/],
  [`${cloud}\r\nHost: evil.example`, 'url-invalid', /line end/],
  [`${cloud}\u0000`, 'url-invalid', /control/],
  [`${cloud}/\u001b[31m`, 'url-invalid', /control/],
  ['https://ac\tme.example', 'url-invalid', /control/],
  ['https://acme\u0085.example', 'url-invalid', /control/],
  ['https://acme.example\\@evil.example', 'url-invalid', /backslash/],
  ['https:\\\\acme.example', 'url-invalid', /backslash/],
  ['\\\\server\\share', 'url-invalid', /backslash/],
  ['https://acme .example', 'url-invalid', /space/],
  ['see https://acme.example', 'url-invalid', /space/],
  ['https://acme\u00a0.example', 'url-invalid', /space/],
  ['https://you:secret@acme.example', 'url-invalid', /user name or a password/],
  ['https://you@acme.atlassian.net', 'url-invalid', /user name or a password/],
  ['https://acme.atlassian.net@evil.example/', 'url-invalid', /user name or a password/],
  ['https://@acme.example', 'url-invalid', /user name or a password/],
  ['P@ssw0rd!:x', 'url-invalid', /user name or a password/],
  ['https://you%40acme.com@acme.example', 'url-invalid', /user name or a password/],
  ['you@acme.com', 'url-invalid', /Username field/],
  ['mailto:you@acme.com', 'url-invalid', /Username field/],
  [token, 'url-invalid', /API Token field/],
  [`https://${token}`, 'url-invalid', /API Token field/],
  [`${cloud}/?token=${token}`, 'url-invalid', /API Token field/],
  [`you@acme.com:${token}`, 'url-invalid', /API Token field/],
  [Buffer.from(`you@acme.com:${token}`).toString('base64'), 'url-invalid', /API Token field/],
  [sealedToken('ATSTT3xFfGF0', 'x'.repeat(171)), 'url-invalid', /API Token field/],
  [pat, 'url-invalid', /API Token field/],
  ['aB3dEfGh1jKlMn0pQrStUvWx', 'url-invalid', /API Token field/],
  ['https://acme.example:0', 'url-invalid', /1 to 65535/],
  ['https://acme.example:65536', 'url-invalid', /1 to 65535/],
  ['acme.example:99999999999', 'url-invalid', /1 to 65535/],
  ['https://acme.example:-1', 'url-invalid', /1 to 65535/],
  ['https://acme.example:80a', 'url-invalid', /1 to 65535/],
  ['https://acme.example:8080:8080', 'url-invalid', /more than one/],
  ['::1', 'url-invalid', /brackets/],
  ['https://2001:db8::1', 'url-invalid', /brackets/],
  ['https://[::1', 'url-invalid', /IPv6/],
  ['https://[::1]8080', 'url-invalid', /IPv6/],
  ['https://[fe80::1%25eth0]', 'url-invalid', /host name/],
  ['https://[::g]', 'url-invalid', /host name/],
  ['0x7f.1', 'url-invalid', /https:\/\/127\.0\.0\.1/],
  ['http://0x7f.1', 'url-invalid', /https:\/\/127\.0\.0\.1/],
  ['http://2130706433/', 'url-invalid', /127\.0\.0\.1/],
  ['http://017700000001', 'url-invalid', /127\.0\.0\.1/],
  ['http://127.1', 'url-invalid', /127\.0\.0\.1/],
  ['http://127.0.0.01', 'url-invalid', /127\.0\.0\.1/],
  ['http://１２７.0.0.1', 'url-invalid', /127\.0\.0\.1/],
  ['ftp://acme.example', 'url-invalid', /https:\/\//],
  ['file:///etc/passwd', 'url-invalid', /https:\/\//],
  ['javascript:alert(1)', 'url-invalid', /https:\/\//],
  ['data:text/html,x', 'url-invalid', /https:\/\//],
  ['ssh://git@acme.example', 'url-invalid', /https:\/\//],
  ['htps://acme.example', 'url-invalid', /https:\/\//],
  ['jira:abc', 'url-invalid', /https:\/\//],
  [`https://acme.example/${'a'.repeat(2048)}`, 'url-invalid', /2048/],
  [`${own}/$(id)`, 'url-invalid', /characters no Jira/],
  [`${own}/%0d%0aX:y`, 'url-invalid', /characters no Jira/],
  [`${own}/it's`, 'url-invalid', /characters no Jira/],
  [
    'https://id.atlassian.com/manage-profile/security/api-tokens',
    'url-invalid',
    /Atlassian account.*https:\/\/acme\.atlassian\.net/,
  ],
  ['https://admin.atlassian.com/o/1/overview', 'url-invalid', /administration/],
  ['https://home.atlassian.com', 'url-invalid', /start page/],
  ['https://start.atlassian.com', 'url-invalid', /start page/],
  ['https://www.atlassian.com/software/jira', 'url-invalid', /web site/],
  ['atlassian.com', 'url-invalid', /web site/],
  ['https://acme.atlassian.com', 'url-invalid', /atlassian\.net/],
  ['https://api.atlassian.com/ex/jira/00000000-0000-0000-0000-000000000000', 'url-invalid', /gateway/],
  ['atlassian.net', 'url-invalid', /site’s name/],
  ['https://bitbucket.org/acme', 'url-invalid', /Bitbucket/],
  ['http://www.atlassian.com', 'url-invalid', /web site/],
  ['http://acme.atlassian.net', 'url-insecure', /https:\/\/acme\.atlassian\.net/],
  ['HTTP://acme.atlassian.net/browse/ABC-1', 'url-insecure', /https:\/\/acme\.atlassian\.net/],
  ['http://acme', 'url-insecure', /https:\/\/acme /],
  ['http:acme.example', 'url-insecure', /https:\/\/acme\.example/],
  ['http://acme.example:443', 'url-insecure', /https:/],
  ['http://localhost.evil.example', 'url-insecure', /https:/],
  ['http://jira.localhost', 'url-insecure', /https:/],
  ['http://0.0.0.0', 'url-insecure', /https:/],
  ['http://128.0.0.1', 'url-insecure', /https:/],
  ['http://10.0.0.7', 'url-insecure', /https:/],
  ['http://127.0.0.1.evil.example', 'url-insecure', /https:/],
  ['http://[::2]', 'url-insecure', /https:\/\/\[::2\]/],
  ['http://[::ffff:127.0.0.1]', 'url-insecure', /https:/],
];

describe('parseSite', () => {
  test.each(addresses)('%j → %s', (text, url) => {
    expect(accepted(text).url).toBe(url);
  });

  test.each(addresses)('%j once normalised changes no more, and a change is always said', (text, url) => {
    const parsed = parseSite(text);
    expect(parsed.ok && parsed.changes.length > 0).toBe(text !== url);
    expect(parseSite(url)).toMatchObject({ok: true, changes: [], site: {url}});
  });

  test.each(refusals)('%j is refused: %s', (text, code, word) => {
    const problem = refused(text);
    expect(problem.code).toBe(code);
    expect(problem.reason).toMatch(word);
    expect(problem.reason).toMatch(/^[^\u0000-\u001f\u007f-\u009f]+\.$/);
  });

  test('takes an address apart', () => {
    expect(accepted('jira.acme.example:8443/jira/browse/ABC-1')).toEqual({
      url: 'https://jira.acme.example:8443/jira',
      protocol: 'https:',
      host: 'jira.acme.example',
      port: 8443,
      path: '/jira',
      origin: 'https://jira.acme.example:8443',
      loopback: false,
      atlassianHosted: false,
    });
    expect(accepted('http://[::1]/')).toMatchObject({host: '::1', port: 80, origin: 'http://[::1]', loopback: true});
    expect(accepted('acme.atlassian.net')).toMatchObject({port: 443, path: '', atlassianHosted: true, loopback: false});
    expect(accepted('acme.jira.com').atlassianHosted).toBe(true);
    for (const host of ['acme-atlassian.net', 'atlassian.net.evil.tld', 'jira.acme.example'])
      expect(accepted(host).atlassianHosted, host).toBe(false);
  });

  test.each([
    ['acme.atlassian.net', ['added https://']],
    [`${cloud}/browse/ABC-1`, ['dropped /browse/ABC-1']],
    [`${cloud}/?a=b`, ['dropped what follows “?” or “#”']],
    [`${cloud}/`, ['dropped the slash at its end']],
    [`${cloud}:443`, ['dropped :443, the port https:// has anyway']],
    ['ACME.atlassian.net.', ['added https://', 'dropped the dot at its end', 'made it lower case']],
    [` <${cloud}> `, ['removed the space around it', 'removed the quotes around it']],
    ['https://bücher.example', ['wrote the host as xn--bcher-kva.example']],
  ])('says what was changed in %j', (text, changes) => {
    expect(parseSite(text)).toMatchObject({ok: true, changes});
  });

  test.each([
    [
      'https://id.atlassian.com/login?continue=https%3A%2F%2Fbeta.atlassian.net%2Flogin%3Fx',
      'https://beta.atlassian.net.',
    ],
    [
      'https://id.atlassian.com/login?continue=https%253A%252F%252Fbeta.atlassian.net%252F',
      'https://beta.atlassian.net.',
    ],
    [
      'https://id.atlassian.com/login?continue=https%3A%2F%2Fbeta.atlassian.net.evil.tld%2F',
      'https://acme.atlassian.net.',
    ],
  ])('a sign-in page that names the site it leads to: %s', (text, instead) => {
    expect(refused(text).reason).toContain(instead);
  });
});

describe('lookalikes', () => {
  const titles = (text: string): readonly string[] => {
    const parsed = parseSite(text);
    return parsed.ok ? parsed.warnings.map(({code, title}) => `${code} ${title}`) : [];
  };

  test.each([
    'acme.atlasian.net',
    'acme.atlassain.net',
    'acme.atlass1an.net',
    'acme.atIassian.net',
    'acme.atlassian.ne',
    'acme.atlassian.nett',
    'acme.atlassiann.net',
    'atlasian.net',
    'acme.atlas.sian.net',
    'acme-atlassian.net',
    'acmeatlassian.net',
    'acme.atlassian.net.evil.tld',
    'atlassian.net.evil.tld',
    'https://аcme.atlassian.net',
    'acme.аtlassian.net',
    'bücher.example',
    'xn--bcher-kva.example',
    'пример.example',
  ])('%s deserves a second look', text => {
    expect(titles(text)).toHaveLength(1);
    expect(titles(text)[0]).toMatch(/^url-lookalike [ -~–]+\.$/);
  });

  test.each([
    'acme.atlassian.net',
    'atlassian.acme.example',
    'jira.acme.example',
    'jira.atlassian.com',
    'acme.jira.com',
    'localhost',
    '192.0.2.7',
    '[2001:db8::1]',
    'acme',
    'ａｃｍｅ.atlassian.net',
  ])('%s does not', text => {
    expect(titles(text)).toEqual([]);
  });

  test('a host one or two edits away is always seen', () => {
    fc.assert(
      fc.property(
        fc.nat({max: 12}),
        fc.constantFrom(...'abcxyz01'),
        fc.constantFrom('drop', 'change', 'add'),
        (at, letter, how) => {
          const home = 'atlassian.net';
          const rest = home.slice(how === 'add' ? at : at + 1);
          const host = home.slice(0, at) + (how === 'drop' ? '' : letter) + rest;
          fc.pre(
            !`x.${host}`.endsWith(`.${home}`) && !host.startsWith('.') && !host.endsWith('.') && !host.includes('..'),
          );
          const parsed = parseSite(`x.${host}`);
          expect(parsed.ok && parsed.warnings.length).toBe(1);
        },
      ),
    );
  });
});

describe('properties', () => {
  const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,10}[a-z0-9])?$/);
  const host = fc.oneof(
    fc.tuple(label, fc.constantFrom('atlassian.net', 'acme.example', 'jira.com')).map(parts => parts.join('.')),
    fc.constantFrom('localhost', '[::1]', '127.0.0.1', 'bücher.example', 'ACME.example'),
  );
  const segment = fc.oneof(
    fc.constantFrom(
      'jira',
      'browse',
      'issues',
      'projects',
      'servicedesk',
      'secure',
      'software',
      'rest',
      'wiki',
      'login.jsp',
      '..',
      '',
      'ABC-1',
      'x;y=1',
      'portal',
    ),
    fc.stringMatching(/^[A-Za-z0-9._~-]{1,8}$/),
  );
  const address = fc
    .tuple(
      fc.constantFrom('', 'https://', 'http://', '//', 'https:', 'HTTPS://', 'http//'),
      host,
      fc.constantFrom('', ':', ':443', ':80', ':8443'),
      fc.array(segment, {maxLength: 5}),
      fc.constantFrom('', '/', '?a=b', '#c', '.'),
    )
    .map(([scheme, name, port, path, tail]) => scheme + name + port + path.map(part => `/${part}`).join('') + tail);
  const anything = fc.oneof(
    address,
    fc.string({unit: 'grapheme'}),
    fc.string({unit: 'binary', maxLength: 40}),
    fc.webUrl({withQueryParameters: true, withFragments: true}),
    fc
      .array(
        fc.constantFrom(
          'https://',
          'http:',
          '/',
          '//',
          '.',
          ':',
          '@',
          '[',
          ']',
          '?',
          '#',
          'acme',
          '.net',
          '%',
          '\\',
          '<',
          '>',
          '|',
          '(',
          ')',
          '"',
          '::1',
          '0x7f',
          '\u200b',
          ' ',
          'xn--',
          'é',
          '。',
        ),
        {maxLength: 12},
      )
      .map(list => list.join('')),
  );

  test('a normalised address stays as it is', () => {
    fc.assert(
      fc.property(anything, text => {
        const first = parseSite(text);
        if (!first.ok) return;
        expect(parseSite(first.site.url)).toMatchObject({ok: true, changes: [], site: first.site});
      }),
      {numRuns: 5000},
    );
  });

  test('what is accepted is what the URL standard reads in it, and safe to put in a command', () => {
    fc.assert(
      fc.property(anything, text => {
        const parsed = parseSite(text);
        if (!parsed.ok) {
          expect(parsed.problem.reason).toMatch(/\.$/);
          return;
        }
        const {site} = parsed;
        const url = new URL(site.url);
        expect(site.url).toMatch(/^https?:\/\/[a-z0-9._:[\]-]+(?:\/[A-Za-z0-9._~-]+)*$/);
        expect(url.origin).toBe(site.origin);
        expect(url.hostname.replace(/^\[|\]$/g, '')).toBe(site.host);
        expect(url.pathname).toBe(site.path === '' ? '/' : site.path);
        expect(Number(url.port || (site.protocol === 'https:' ? 443 : 80))).toBe(site.port);
        expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
        if (site.protocol === 'http:') expect(site.loopback).toBe(true);
        if (site.loopback) expect(site.host).toMatch(/^(?:localhost|::1|127(?:\.\d+){3})$/);
        if (site.atlassianHosted) expect(site.path).toBe('');
      }),
      {numRuns: 5000},
    );
  });

  test('a token in the field is refused and never repeated', () => {
    fc.assert(
      fc.property(
        anyToken,
        fc.constantFrom('', 'https://', 'Bearer ', 'JIRA_API_TOKEN=', 'you@acme.com:', '"'),
        (whole, front) => {
          const problem = refused(front + whole);
          expect(problem.code).toBe('url-invalid');
          for (let at = 0; at + 6 <= whole.length; at += 3)
            expect(problem.reason).not.toContain(whole.slice(at, at + 6));
        },
      ),
    );
  });

  test.each(['a', '.', '/', 'a.', '[', '<', '"', ':', '@', 'https://', '\u200b', ' ', '[a](', 'a/'])(
    'long input comes back: %j',
    unit => {
      for (const size of [2000, 10_000, 1_000_000])
        expect(typeof parseSite(unit.repeat(Math.ceil(size / unit.length))).ok).toBe('boolean');
    },
  );
});
