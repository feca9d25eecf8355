/** What kind of place an address is, where that says something about a name that led there. */
import {BlockList} from 'node:net';
import {familyOf} from '../domain/address.ts';

const kinds = [
  ['nowhere: DNS filters answer so', ['0.0.0.0/8', '::/128']],
  ['this machine itself', ['127.0.0.0/8', '::1/128']],
  ['a private address', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']],
  ['a link-local address', ['169.254.0.0/16', 'fe80::/10']],
  // RFC 6598; VPNs that span the Internet use it as well.
  ['a provider-internal address', ['100.64.0.0/10']],
] as const;

const lists = kinds.map(([kind, ranges]) => {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', bits = ''] = range.split('/');
    list.addSubnet(network, Number(bits), familyOf(network));
  }
  return {kind, list};
});

/** In words what an address is when it is not on the Internet; null for one that is. */
export function scopeOf(address: string): string | null {
  // ::ffff:10.0.0.1 leads where 10.0.0.1 does.
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
  return lists.find(({list}) => list.check(plain, familyOf(plain)))?.kind ?? null;
}
