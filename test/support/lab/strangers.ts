/**
 * What stands between a program and Jira and answers in its stead: filters, portals, gates and web servers, in the words
 * and with the headers such things have, in several languages. None carries a mark of Jira or Atlassian.
 */
export type Stranger = Readonly<{
  what: string;
  status: number;
  reason: string;
  /** As sent, in this order and spelling. */
  headers: readonly (readonly [name: string, value: string])[];
  body: string;
}>;

const page = (title: string, text: string, lang = 'en'): string =>
  `<!DOCTYPE html>\n<html lang="${lang}"><head><meta charset="utf-8"><title>${title}</title></head><body><h1>${title}</h1><p>${text}</p></body></html>`;
const html = ['Content-Type', 'text/html; charset=utf-8'] as const;
const json = ['content-type', 'application/json'] as const;
const plain = ['CONTENT-TYPE', 'text/plain'] as const;

const stranger = (
  what: string,
  status: number,
  reason: string,
  headers: Stranger['headers'],
  body: string,
): Stranger => ({what, status, reason, headers, body});

export const strangers: readonly Stranger[] = [
  stranger(
    'a gate of the web server',
    401,
    'Unauthorized',
    [['WWW-Authenticate', 'Basic realm="Intranet"'], html, ['Server', 'nginx/1.25.3']],
    page('401 Authorization Required', 'nginx'),
  ),
  stranger(
    'Kerberos in front',
    401,
    'Unauthorized',
    [['server', 'Microsoft-IIS/10.0'], ['www-authenticate', 'Negotiate'], ['WWW-AUTHENTICATE', 'NTLM'], html],
    page('Nicht autorisiert', 'Sie sind nicht berechtigt, diese Seite anzuzeigen.', 'de'),
  ),
  stranger('a digest gate', 401, '', [['Www-Authenticate', 'Digest realm="x", nonce="y"'], plain], 'Zugang verweigert'),
  stranger(
    'an API gateway',
    401,
    'Unauthorized',
    [json, ['Server', 'kong/3.4.0'], ['WWW-Authenticate', 'Key realm="kong"']],
    '{"message":"No API key found in request"}',
  ),
  stranger(
    'a gateway for tokens',
    401,
    'Unauthorized',
    [['WWW-Authenticate', 'Bearer error="invalid_token"'], json],
    '{"error":"invalid_token","error_description":"The access token expired"}',
  ),
  stranger(
    'a French filter',
    403,
    'Interdit',
    [html, ['Via', '1.1 passerelle (squid/6.6)'], ['X-Squid-Error', 'ERR_ACCESS_DENIED 0']],
    page('ERREUR : l’URL demandée n’a pu être chargée', 'Accès interdit.', 'fr'),
  ),
  stranger(
    'a German block page',
    403,
    'Verboten',
    [['server', 'FortiGate'], html],
    page('Zugriff verweigert', 'Diese Webseite wurde durch die Richtlinie der Firma gesperrt.', 'de'),
  ),
  stranger(
    'a Japanese block page',
    403,
    'Forbidden',
    [html],
    page('アクセスが拒否されました', 'このサイトへのアクセスは管理者により制限されています。', 'ja'),
  ),
  stranger(
    'an Arabic block page',
    403,
    'Forbidden',
    [html],
    page('تم حظر الموقع', 'هذا الموقع محظور بموجب سياسة الشركة', 'ar'),
  ),
  stranger(
    'a web firewall',
    403,
    'Forbidden',
    [['CF-RAY', '8f3a-FRA'], ['Server', 'cloudflare'], html],
    page('Just a moment...', 'Enable JavaScript and cookies to continue'),
  ),
  stranger('a web firewall in JSON', 403, 'Forbidden', [json, ['Server', 'awselb/2.0']], '{"message":"Forbidden"}'),
  stranger(
    'Request Rejected',
    403,
    'Forbidden',
    [['Server', 'BigIP'], html],
    page('Request Rejected', 'The requested URL was rejected. Your support ID is: 1234'),
  ),
  stranger(
    'a filter that speaks of tokens',
    403,
    'Forbidden',
    [['Server', 'Zscaler/6.2'], html],
    page('Blocked', 'Your organization does not allow API tokens to be sent to this site.'),
  ),
  stranger(
    'a proxy that took the request for its own',
    407,
    'Proxy Authentication Required',
    [['Proxy-Authenticate', 'NTLM'], html],
    page('Cache Access Denied', 'Proxy-Anmeldung erforderlich', 'de'),
  ),
  stranger('a silent proxy', 407, '', [], ''),
  stranger(
    'a Spanish captive portal',
    302,
    'Found',
    [['LOCATION', 'http://portal.wifi.example/acceso?url=x'], html],
    page('Portal cautivo', 'Redirigiendo', 'es'),
  ),
  stranger(
    'an identity provider',
    303,
    'See Other',
    [
      ['location', 'https://acme.okta.com/app/x/sso/saml?SAMLRequest=fZ'],
      ['server', 'Apache'],
    ],
    '',
  ),
  stranger(
    'a load balancer’s login',
    307,
    'Temporary Redirect',
    [['Location', 'https://sso.acme.example/realms/acme/protocol/openid-connect/auth?client_id=jira']],
    '',
  ),
  stranger(
    'a Polish login page',
    200,
    'OK',
    [html, ['Server', 'Apache/2.4']],
    page('Logowanie do sieci', 'Podaj login i hasło', 'pl'),
  ),
  stranger('a Chinese portal page', 200, 'OK', [html], page('上网认证', '请先登录后再访问互联网', 'zh')),
  stranger(
    'a Russian block page with 200',
    200,
    'OK',
    [['Server', 'squid'], html],
    page('Доступ запрещён', 'Ресурс заблокирован', 'ru'),
  ),
  stranger(
    'a parked domain',
    200,
    'OK',
    [['content-type', 'text/html']],
    '<HTML><HEAD><TITLE>acme - domain for sale</TITLE></HEAD></HTML>',
  ),
  stranger(
    'a network that wants a login',
    511,
    'Network Authentication Required',
    [html],
    page('Anmeldung im WLAN', 'Bitte melden Sie sich an.', 'de'),
  ),
  stranger('a network that wants a login, in JSON', 511, '', [json], '{"login":"https://portal.example/"}'),
];

/** The answer as bytes, for a server that writes it by hand. */
export function spoken({status, reason, headers, body}: Stranger): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${reason}\r\n${lines}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`;
}
