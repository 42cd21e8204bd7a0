import { BlockList, isIP } from 'node:net'

/** Which addresses are on the internet, and which lead into a company's own network or to where nothing should be asked. */

/** Nobody's program is there: link-local, where clouds keep their metadata; multicast; unspecified; reserved. */
const forbidden = listOf([
  ...['0.0.0.0/8', '169.254.0.0/16', '192.0.0.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  // Metadata and agents of Alibaba Cloud, Azure and AWS outside of the link-local range.
  ...['100.100.100.200/32', '168.63.129.16/32', 'fd00:ec2::/32'],
  ...['::/128', 'fe80::/10', 'fec0::/10', 'ff00::/8'],
])
/** Of the IPv4 internet the ranges that are no public addresses (IANA's special-purpose registry). */
const private4 = listOf([
  ...['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.0.2.0/24', '192.88.99.0/24'],
  ...['192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24'],
])
/** IPv6 the other way round: one range is public, without what carries IPv4 inside (6to4, Teredo) and examples. */
const public6 = listOf(['2000::/3'])
const private6 = listOf(['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'])

const mapped = listOf(['::ffff:0:0/96'])

export type Kind = 'public' | 'private' | 'forbidden'

/** What kind of address it is; an IPv4 address inside an IPv6 one (`::ffff:10.0.0.1`) is what it is by itself. */
export function kindOf(address: string): Kind {
  if (isIP(address) === 0) return 'forbidden'
  const family = familyOf(address)
  if (forbidden.check(address, family)) return 'forbidden'
  if (family === 'ipv4' || mapped.check(address, 'ipv6')) return private4.check(address, family) ? 'private' : 'public'
  return public6.check(address, family) && !private6.check(address, family) ? 'public' : 'private'
}

export function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4'
}

export function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [net = '', bits] = range.split('/')
    if (bits === undefined) list.addAddress(net, familyOf(net))
    else list.addSubnet(net, Number(bits), familyOf(net))
  }
  return list
}
