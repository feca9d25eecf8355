/** Certificates that are not trusted, not complete or not for this host. */
import {clean} from '../../domain/clean.ts';
import {shellWord} from '../../domain/shell.ts';
import {isPublicIssuer, shortName, topIssuer} from '../certificates.ts';
import {defaultCertificateOf, isChainVerdict} from '../chain-refusals.ts';
import type {Facts, Seen} from '../evidence.ts';
import {isCloud, troubleIn} from '../evidence-reading.ts';
import {brokenAt, edit, jiraAdmin, lookUp, networkAdmin, retest, retype, say, showChain, you} from './actions.ts';
import {rangesPage} from './checklist-pages.ts';
import {refusalChecklist, refusalIn, refusalTitle} from './refused-chain.ts';
import {type Rows, upToSix} from './row.ts';
import {atlassianAt, chainIn, lines, tls} from './tls-parts.ts';

const issuerMissing = new Set([
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

const wrongName: ReadonlySet<string> = new Set([
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'IP_ADDRESS_MISMATCH',
]);

const viewChain = (facts: Facts, seen: Seen, why: string) => {
  const {host, port} = brokenAt(facts, troubleIn(seen));
  return you('Look at the certificates as the server sends them', why, {command: showChain(host, port)});
};

const selfSigned = (seen: Seen): boolean => chainIn(seen).length === 1 && chainIn(seen)[0]?.selfSigned === true;

/** Atlassian's certificates come from public authorities, so another issuer means that somebody opens the traffic. */
const inspected = (facts: Facts, seen: Seen): boolean => {
  const issuer = chainIn(seen).at(-1)?.issuer;
  return atlassianAt(facts, seen) && issuer !== undefined && !isPublicIssuer(issuer);
};

/** Why curl or Python reach the site, where a variable of theirs names the missing CA. */
const elsewhereLine = ({trustedElsewhere}: Facts) =>
  trustedElsewhere === undefined
    ? []
    : [
        clean(
          `${trustedElsewhere.variable} names ${trustedElsewhere.file}, which holds the missing CA: programs that read it reach this site`,
          400,
        ),
      ];

const passTheirs = (facts: Facts) =>
  facts.trustedElsewhere === undefined
    ? null
    : you(
        `Use the file that ${facts.trustedElsewhere.variable} names: it holds the CA that is missing here`,
        'jirakey reads SSL_CERT_FILE and NODE_EXTRA_CA_CERTS, not the variables of other programs',
        {command: withCaFile(facts, facts.trustedElsewhere.file), remedy: 'ca', value: facts.trustedElsewhere.file},
      );

const withCaFile = (facts: Facts, path: string): string => retest(facts, `--ca-file ${shellWord(path)}`);

export const trust = {
  'certificate-untrusted': {
    ...tls,
    concerns: 'certificate',
    again: 'may-help',
    remedies: ['ca'],
    stopsAtUrl: true,
    title(facts, seen) {
      const reason = refusalIn(facts, seen);
      if (reason !== 'issuer') return refusalTitle(reason, facts, seen);
      const {at} = brokenAt(facts, troubleIn(seen));
      const issuer = topIssuer(chainIn(seen));
      if (issuer === null) return `This machine does not trust the certificate of ${at}`;
      if (selfSigned(seen))
        return `${at} shows a self-signed certificate (“${issuer}”) that this machine does not trust`;
      const inspection = inspected(facts, seen)
        ? ': TLS inspection on the way'
        : isPublicIssuer(issuer)
          ? ''
          : '. That is no public CA, so it is a company’s own or TLS inspection';
      return `The certificate of ${at} comes from “${issuer}”, which this machine does not trust${inspection}`;
    },
    proof:
      'The chain of certificates was refused, mostly because it ends at an issuer this machine does not trust. Nothing was sent. The issuer is named; when it is no public CA, it is a company’s own or TLS inspection. A weak signature or key, a wrong purpose, a CA that may not issue and a front’s default certificate are named as what they are.',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble === null || !isChainVerdict(trouble)) return null;
      const found = lines(trouble, seen, facts);
      return facts.trust.length === 0 || refusalIn(facts, seen) !== 'issuer'
        ? found
        : [...found, clean(`Trusted here: ${facts.trust.join(', ')}`, 400), ...elsewhereLine(facts)];
    },
    checklist(facts, seen) {
      const reason = refusalIn(facts, seen);
      if (reason !== 'issuer') return refusalChecklist(reason, facts, seen);
      const issuer = topIssuer(chainIn(seen));
      const named = issuer === null ? 'the issuing CA' : `“${issuer}”`;
      const {host} = brokenAt(facts, troubleIn(seen));
      const pass = you(
        `When you have the certificate of ${named}, pass it on`,
        'a PEM file beginning with BEGIN CERTIFICATE; it is added for this connection',
        {
          command: withCaFile(facts, '/path/to/corporate-ca.pem'),
          remedy: 'ca',
        },
      );
      const system = you(
        'Look whether your company’s CA is already installed on this machine',
        'Debian keeps it in the first folder, Red Hat in the second; update-ca-certificates or update-ca-trust puts it into the system’s bundle, which jirakey reads',
        {command: 'ls /usr/local/share/ca-certificates/ /etc/pki/ca-trust/source/anchors/'},
      );
      const owner = selfSigned(seen) || (!isCloud(facts) && issuer === null);
      return upToSix([
        passTheirs(facts),
        owner
          ? jiraAdmin(
              `Ask for the certificate of ${host} as a PEM file, by a way you trust`,
              'a self-signed certificate proves nothing by itself; compare its SHA-256 fingerprint',
              `Please give us the certificate of ${host} as a PEM file, and its SHA-256 fingerprint by another way.`,
            )
          : networkAdmin(
              `Ask for the root certificate of ${named} as a PEM file`,
              inspected(facts, seen)
                ? 'Atlassian does not use this issuer: your network opens the traffic and signs it anew'
                : 'it is the CA of your company or of its TLS inspection',
              `Please give us the root certificate of ${named} as a PEM file.`,
            ),
        pass,
        system,
        facts.trust.some(each => each.startsWith('the system'))
          ? null
          : you(
              'If curl works on this machine, pass the CA bundle it uses',
              'none was found where systems usually keep it; “CAfile:” in the output names it',
              {command: `curl -sv --max-time 10 ${shellWord(facts.url)} -o /dev/null 2>&1 | grep -i cafile`},
            ),
        viewChain(facts, seen, 'each “i:” line names an issuer; the last is the one to ask for'),
        networkAdmin(
          `Or ask to except ${host} from TLS inspection`,
          'then the site’s own certificate arrives',
          `Or please exempt ${host} from TLS inspection for our server.`,
          {
            url: rangesPage(facts),
          },
        ),
      ]);
    },
  },
  'certificate-chain-incomplete': {
    ...tls,
    concerns: 'certificate',
    again: 'may-help',
    remedies: ['ca', 'retry'],
    stopsAtUrl: true,
    title(facts, seen) {
      const {at} = brokenAt(facts, troubleIn(seen));
      const leaf = chainIn(seen)[0];
      return `${at} sends its certificate without the intermediate one${leaf === undefined ? '' : ` (“${shortName(leaf.issuer)}”)`}`;
    },
    proof:
      'The server sent only its own certificate; its issuer is missing, and is a known public CA or named in the certificate (AIA).',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      const [leaf, ...others] = trouble?.chain ?? [];
      if (trouble === null || leaf === undefined || others.length > 0 || leaf.selfSigned) return null;
      // An issuer that other programs here trust is a CA this machine lacks, not one the server should have sent.
      if (facts.trustedElsewhere !== undefined) return null;
      if (!issuerMissing.has(trouble.code) || (leaf.issuerUrl === null && !isPublicIssuer(leaf.issuer))) return null;
      const told =
        leaf.issuerUrl === null ? [] : [clean(`Its issuer’s certificate is said to be at ${leaf.issuerUrl}`)];
      return [...lines(trouble, seen, facts), ...told];
    },
    checklist(facts, seen) {
      const {host} = brokenAt(facts, troubleIn(seen));
      const leaf = chainIn(seen)[0];
      const issuer = leaf === undefined ? 'its issuer' : `“${shortName(leaf.issuer)}”`;
      const from = leaf?.issuerUrl ?? null;
      const fetched = from !== null && /^http:\/\//i.test(from);
      return upToSix([
        jiraAdmin(
          `Ask whoever runs ${host} to install the whole chain (with ${issuer}), such as fullchain.pem`,
          'browsers fetch the missing one by themselves, programs do not; so it works in a browser and fails here',
          `Please install the whole chain on ${host} (with ${issuer}), such as fullchain.pem: programs do not fetch the missing certificate as browsers do.`,
        ),
        viewChain(facts, seen, 'one BEGIN CERTIFICATE instead of two or three confirms it'),
        fetched
          ? you(
              'Until then, fetch the intermediate; use it only if the last line says OK',
              'OK means a CA this system trusts has signed it',
              {
                command: `curl -s --max-time 10 ${shellWord(from)} | openssl x509 -inform der -out intermediate.pem && openssl verify intermediate.pem`,
              },
            )
          : null,
        you(
          fetched ? 'Then test with it' : `If you have the certificate of ${issuer} as a PEM file, pass it`,
          'it completes the chain for this connection only',
          {
            command: withCaFile(facts, 'intermediate.pem'),
            remedy: 'ca',
          },
        ),
        leaf !== undefined && isPublicIssuer(leaf.issuer)
          ? null
          : networkAdmin(
              `If ${issuer} is your company’s CA, ask for its root certificate and pass that`,
              'an internal CA is trusted by no machine by itself',
              `If ${issuer} is our company’s CA, please give us its root certificate as a PEM file.`,
            ),
      ]);
    },
  },
  'certificate-wrong-host': {
    ...tls,
    concerns: 'address',
    again: 'may-help',
    remedies: ['use-url', 'field:url'],
    stopsAtUrl: true,
    title(facts, seen) {
      const {host, at} = brokenAt(facts, troubleIn(seen));
      const names = chainIn(seen)[0]?.names ?? [];
      const front = defaultCertificateOf(chainIn(seen)[0]);
      if (front !== null)
        return `${at} shows the default certificate of ${front}: nothing is set up there for this name`;
      const common = shortName(chainIn(seen)[0]?.subject ?? '');
      if (common !== '' && names.length === 0)
        return `The certificate names “${common}” only as its common name, which no longer counts: it is not made for ${host}`;
      if (names.length === 0) return `The certificate is not made for ${host}`;
      const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
      return `The certificate is made for ${say(names.slice(0, 3).join(', '), 160)}${more}, not for ${host}`;
    },
    proof: 'The certificate is valid, but none of its names is the host that was asked for. Nothing was sent.',
    signal(seen, facts) {
      const trouble = troubleIn(seen);
      if (trouble === null || !wrongName.has(trouble.code)) return null;
      const names = trouble.chain[0]?.names ?? [];
      return [
        ...lines(trouble, seen, facts),
        ...(names.length === 0 ? [] : [clean(`Names it has: ${names.join(', ')}`, 400)]),
      ];
    },
    checklist(facts, seen) {
      const {host, port} = brokenAt(facts, troubleIn(seen));
      const names = (chainIn(seen)[0]?.names ?? []).filter(each => /^[a-z0-9.-]+\.[a-z][a-z0-9-]*$/i.test(each));
      const better = names[0];
      const nameless = chainIn(seen)[0]?.names.length === 0;
      const proper = jiraAdmin(
        nameless
          ? `Ask for a certificate that has ${host} as an alternative name (SAN)`
          : `Ask for a certificate that has ${host} among its names`,
        nameless
          ? 'browsers have ignored the common name since 2017; Go, Python and jirakey do as well'
          : 'or for the right virtual host (SNI) on the reverse proxy',
        nameless
          ? `Please install a certificate that has ${host} as an alternative name (SAN): the common name no longer counts.`
          : `Please install a certificate that has ${host} among its names, or correct the virtual host (SNI) on the reverse proxy.`,
      );
      const address = `https://${better}${port === 443 ? '' : `:${port}`}`;
      return upToSix([
        nameless ? proper : null,
        better === undefined
          ? you(
              `Enter the address by which browsers open this Jira, not ${host}`,
              'short names and IP addresses are rarely in a certificate',
              {command: edit(facts), remedy: 'field:url'},
            )
          : you(`If this is your Jira by another name, enter ${address}`, 'the certificate has this name', {
              command: retype(facts, address),
              remedy: 'use-url',
              value: address,
            }),
        /\.[^.]+\.atlassian\.net$/i.test(host)
          ? you(
              'Drop what stands before the site’s name: sites are https://NAME.atlassian.net',
              'Atlassian’s certificate covers one word before atlassian.net',
              {command: edit(facts), remedy: 'field:url'},
            )
          : null,
        you(`See where ${host} leads`, 'an old entry in /etc/hosts or DNS leads to another machine', {
          command: lookUp(host),
        }),
        viewChain(facts, seen, 'the first “s:” line names whom the certificate is for'),
        isCloud(facts)
          ? networkAdmin(
              `Ask what answers for ${host}`,
              'a firewall or captive portal shows its own certificate',
              `Please look at what answers our server for ${host}: its certificate is not made for that name.`,
            )
          : nameless
            ? null
            : proper,
      ]);
    },
  },
} as const satisfies Rows;
