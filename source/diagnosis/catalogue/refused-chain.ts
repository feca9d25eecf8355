/** Titles and actions for a chain that was refused for another reason than an unknown issuer: no CA file cures these. */
import {isPublicIssuer, shortName} from '../certificates.ts';
import {type ChainRefusal, chainRefusalOf, defaultCertificateOf, falseAuthority} from '../chain-refusals.ts';
import type {CertificateFacts, Facts, Seen} from '../evidence.ts';
import {troubleIn} from '../evidence-reading.ts';
import type {Action} from '../test-report.ts';
import {brokenAt, edit, jiraAdmin, lookUp, networkAdmin, say, showChain, you} from './actions.ts';
import {upToSix} from './row.ts';
import {atlassianAt, chainIn} from './tls-parts.ts';

export const refusalIn = (facts: Facts, seen: Seen): ChainRefusal => {
  const trouble = troubleIn(seen);
  return trouble === null ? 'issuer' : chainRefusalOf(trouble, brokenAt(facts, trouble).host);
};

const quoted = (name: string): string => `“${shortName(name)}”`;
const issuerOf = (chain: readonly CertificateFacts[]): string =>
  chain[0] === undefined ? 'its issuer' : quoted(chain[0].issuer);

/** The certificate that is to blame, where one of the chain can be picked out; the server's own is not named. */
const whose = (at: string, chain: readonly CertificateFacts[], blamed: CertificateFacts | undefined): string =>
  blamed === undefined || blamed === chain[0]
    ? `The certificate of ${at}`
    : `${quoted(blamed.subject)} in the chain of ${at}`;

type Told = Readonly<{
  title: (at: string, chain: readonly CertificateFacts[], words: string) => string;
  /** What whoever runs the server has to do, and why. */
  cure: string;
  why: string;
}>;

const weakKey = (each: CertificateFacts): boolean => (each.keyBits ?? 4096) < 2048 && (each.keyBits ?? 0) > 521;

const reasons: Readonly<Record<Exclude<ChainRefusal, 'issuer'>, Told>> = {
  'default-certificate': {
    title: (at, chain) =>
      `${at} shows the default certificate of ${defaultCertificateOf(chain[0]) ?? 'its front'} (${quoted(chain[0]?.subject ?? '')}): nothing is set up there for this name`,
    cure: 'set up the route and the certificate for this name',
    why: 'a default certificate means that the front knows no site of this name; trusting it would only hide that',
  },
  'other-name': {
    title: (at, chain) =>
      `${at} shows a certificate for ${say((chain[0]?.names ?? []).slice(0, 3).join(', '), 160)}, from ${issuerOf(chain)}, which this machine does not trust`,
    cure: 'install the certificate that is made for this name',
    why: 'it is made for another name, so trusting its issuer would not be enough',
  },
  'weak-signature': {
    title(at, chain) {
      const blamed = chain.find(each => each.signedWith !== undefined);
      const hash = blamed?.signedWith ?? 'a hash that is no longer secure, such as SHA-1';
      return `${whose(at, chain, blamed)} is signed with ${hash}, which is refused here`;
    },
    cure: 'issue the certificate anew, signed with SHA-256',
    why: 'signatures with SHA-1 and MD5 can be forged; current TLS libraries refuse them, and no CA file changes that',
  },
  'weak-key': {
    title(at, chain) {
      const blamed = chain.find(weakKey) ?? chain.find(each => (each.keyBits ?? 4096) < 1024);
      const size = blamed?.keyBits === undefined ? 'that is too short' : `of only ${blamed.keyBits} bits`;
      return `${whose(at, chain, blamed)} has a key ${size}, which is refused here`;
    },
    cure: 'issue the certificate anew, with a key of 2048 bits (RSA) or P-256',
    why: 'short keys can be broken; current TLS libraries refuse them, and no CA file changes that',
  },
  purpose: {
    title(at, chain) {
      const usages = chain[0]?.usages ?? [];
      const only = usages.length === 0 ? '' : `: it allows only ${say(usages.join(', '), 100)}`;
      return `The certificate of ${at} is not made for servers${only}`;
    },
    cure: 'install a certificate made for servers (extended key usage “server authentication”)',
    why: 'it was issued for another purpose, such as client sign-in or a CA’s own use; trusting its issuer does not change that',
  },
  'no-authority': {
    title(at, chain) {
      const blamed = falseAuthority({chain});
      const named = blamed === undefined ? issuerOf(chain) : quoted(blamed.subject);
      return `${named} stands above the certificate of ${at}, but is not allowed to issue any`;
    },
    cure: 'have the certificate issued by a CA, and send that CA’s chain with it',
    why: 'the issuing certificate does not say that it is a CA (basic constraints, key usage)',
  },
  'path-length': {
    title: at => `The certificate chain of ${at} is longer than one of its CAs allows`,
    cure: 'have the certificate issued by a CA that may issue for servers directly',
    why: 'a CA of this chain limits how many CAs may stand below it',
  },
  'name-constraint': {
    title: at => `A CA in the chain of ${at} is not allowed to issue certificates for this name`,
    cure: 'have the certificate issued by a CA whose name constraints cover this name',
    why: 'the CA is limited to other names, and every TLS library enforces that',
  },
  revoked: {
    title: at => `The certificate of ${at} was revoked by its issuer`,
    cure: 'install a new certificate',
    why: 'the issuer withdrew this one, usually because its key is known to others',
  },
  'bad-signature': {
    title: at => `A signature in the certificate chain of ${at} is not by the CA it names`,
    cure: 'send the CA certificates that really issued the server’s own',
    why: 'a CA that was renewed under its old name with a new key looks like this, on the server or in a CA file here',
  },
  distrusted: {
    title: (at, chain) =>
      `This machine is set up not to accept ${issuerOf(chain)}, which issued the certificate of ${at}`,
    cure: 'have the certificate issued by another CA',
    why: 'a list of trusted CAs on this machine marks this one as rejected for servers',
  },
  malformed: {
    title: (at, _chain, words) => `The certificate of ${at} does not follow the rules (${say(words, 100)})`,
    cure: 'issue the certificate anew without that fault',
    why: 'OpenSSL, which most tools use, refuses it likewise; no CA file changes that',
  },
  unnamed: {
    title: (at, _chain, words) => `The certificate of ${at} was refused${words === '' ? '' : `: ${say(words, 120)}`}`,
    cure: 'look at what is wrong with this certificate',
    why: 'OpenSSL, which most tools use, refuses it likewise',
  },
};

export function refusalTitle(reason: Exclude<ChainRefusal, 'issuer'>, facts: Facts, seen: Seen): string {
  const trouble = troubleIn(seen);
  return reasons[reason].title(brokenAt(facts, trouble).at, chainIn(seen), trouble?.message ?? '');
}

export function refusalChecklist(reason: Exclude<ChainRefusal, 'issuer'>, facts: Facts, seen: Seen): readonly Action[] {
  const {host, port} = brokenAt(facts, troubleIn(seen));
  const {cure, why} = reasons[reason];
  const top = chainIn(seen).at(-1);
  const opened = top !== undefined && !isPublicIssuer(top.issuer);
  const misrouted = reason === 'default-certificate' || reason === 'other-name';
  const filter = networkAdmin(
    `Ask what opens the TLS traffic to ${host}, and to ${cure}`,
    atlassianAt(facts, seen)
      ? `Atlassian’s own certificates have no such fault, so something on the way shows this one; ${why}`
      : why,
    `Please look at what opens the TLS traffic from our server to ${host}: its certificate is refused. Please ${cure}.`,
  );
  return upToSix([
    atlassianAt(facts, seen)
      ? filter
      : jiraAdmin(
          `Ask whoever runs ${host} to ${cure}`,
          why,
          `On ${host}, please ${cure}: programs refuse the one it has.`,
        ),
    misrouted
      ? you(`See where ${host} leads`, 'an old entry in /etc/hosts or DNS leads to another machine or front', {
          command: lookUp(host),
        })
      : null,
    misrouted
      ? you(
          'Compare the address with the one in a browser where Jira is open',
          'another name or port may be the right one',
          {
            command: edit(facts),
            remedy: 'field:url',
          },
        )
      : null,
    reason === 'bad-signature' || reason === 'distrusted'
      ? you('See which CA files are used on this machine', 'one of them may hold an outdated or rejected certificate', {
          command: 'env | grep -E "SSL_CERT|CA_CERTS"',
        })
      : null,
    you('Look at the certificates as the server sends them', 'worth attaching to a ticket', {
      command: showChain(host, port, '-showcerts'),
    }),
    opened && !atlassianAt(facts, seen) && !misrouted
      ? networkAdmin(
          `If TLS inspection opens this traffic, ask to exempt ${host}`,
          'then the site’s own certificate arrives',
          `If TLS inspection opens the traffic from our server to ${host}, please exempt it: the certificate it shows is refused.`,
        )
      : null,
  ]);
}
