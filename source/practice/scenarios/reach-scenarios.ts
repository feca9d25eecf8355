/** Faults on the way to the site: port, proxy, TLS, certificate. */
import type {Scenario} from '../play.ts';

export const reachScenarios = [
  {
    code: 'connection-refused',
    story: 'Nothing listens on the port: the service is stopped, or the port is the wrong one.',
    deployment: 'data-center',
    play: {wire: 'closed', secret: 'password'},
  },
  {
    code: 'connection-reset',
    story: 'A device on the way resets every connection as soon as it has seen whom it is for.',
    deployment: 'cloud',
    play: {wire: 'reset'},
  },
  {
    code: 'proxy-unreachable',
    story: 'The configured proxy is not running.',
    deployment: 'cloud',
    play: {proxy: 'closed'},
  },
  {
    code: 'proxy-authentication-required',
    story: 'The proxy wants a user name and a password before it lets anybody out.',
    deployment: 'cloud',
    play: {proxy: 'wants-password'},
  },
  {
    code: 'proxy-refused',
    story: 'The proxy has this site on its list of forbidden places.',
    deployment: 'cloud',
    play: {proxy: 'refuses'},
  },
  {
    code: 'certificate-untrusted',
    story: 'A firewall opens the encrypted traffic and signs it anew with the company’s own authority.',
    deployment: 'cloud',
    play: {certificate: 'foreign-authority'},
  },
  {
    code: 'certificate-chain-incomplete',
    story: 'The web server sends its own certificate and forgot the intermediate one.',
    deployment: 'data-center',
    play: {certificate: 'leaf-only', secret: 'password'},
  },
  {
    code: 'certificate-expired',
    story: 'Nobody renewed the certificate, and it ended three days ago.',
    deployment: 'data-center',
    play: {certificate: 'expired', secret: 'password'},
  },
  {
    code: 'certificate-not-yet-valid',
    story: 'A new certificate was installed three days before it begins.',
    deployment: 'data-center',
    play: {certificate: 'not-yet-valid', secret: 'password'},
  },
  {
    code: 'clock-wrong',
    story:
      'By the server’s clock this machine lives more than a year in the past, when the certificate was not yet made.',
    deployment: 'cloud',
    play: {certificate: 'server-clock', clockDays: 400},
  },
  {
    code: 'certificate-wrong-host',
    story: 'The web server answers with the certificate of its neighbour, the wiki.',
    deployment: 'data-center',
    play: {certificate: 'wrong-host', secret: 'password'},
  },
  {
    code: 'tls-handshake-failed',
    story: 'An old load balancer speaks TLS 1.0 and 1.1 only.',
    deployment: 'data-center',
    play: {wire: 'old-tls', secret: 'password'},
  },
  {
    code: 'tls-not-spoken',
    story: 'The port speaks plain HTTP, as the back door of a Jira behind a reverse proxy does.',
    deployment: 'data-center',
    play: {wire: 'plain-http', secret: 'password'},
  },
  {
    code: 'client-certificate-required',
    story: 'The reverse proxy lets in only machines that show a certificate of their own.',
    deployment: 'data-center',
    play: {wire: 'client-certificate', secret: 'password'},
  },
] as const satisfies readonly Scenario[];
