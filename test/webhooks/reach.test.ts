import { describe, expect, it } from 'vitest'
import { kindOf } from '../../src/addresses.ts'
import { createReach, isAllowance, type Resolve } from '../../src/webhooks/reach.ts'

/** Names as an attacker's or the company's own name server answers them. */
const names: Readonly<Record<string, string[]>> = {
  'erp.example.com': ['93.184.216.34', '2606:2800:220:1:248:1893:25c8:1946'],
  'inside.example.com': ['10.2.0.8'],
  'half.example.com': ['93.184.216.34', '127.0.0.1'],
  'mapped.example.com': ['::ffff:10.0.0.1'],
  'metadata.example.com': ['169.254.169.254'],
  'scoped.example.com': ['fe80::1%eth0'],
  'nonsense.example.com': ['not an address'],
  'erp.corp.example': ['10.2.0.9'],
  erp: ['172.16.4.4'],
  'trap.corp.example': ['169.254.169.254'],
  localhost: ['127.0.0.1', '::1'],
}
const resolve: Resolve = async host => {
  const found = names[host]
  if (!found) throw new Error(`ENOTFOUND ${host}`)
  return found
}

async function told(url: string, allow: string[] = []): Promise<string> {
  const target = await createReach(allow, resolve).look(url)
  return 'refused' in target ? target.refused : target.addresses.map(({ address }) => address).join(' ')
}

describe('where a webhook may go', () => {
  it.each([
    ['a public name', 'https://erp.example.com/hooks?x=1', '93.184.216.34 2606:2800:220:1:248:1893:25c8:1946'],
    ['another port', 'https://erp.example.com:8443/', '93.184.216.34 2606:2800:220:1:248:1893:25c8:1946'],
    ['a public address', 'https://93.184.216.34/', '93.184.216.34'],
    ['a public IPv6 address', 'https://[2606:2800:220::1]/', '2606:2800:220::1'],
  ])('%s: yes', async (_, url, addresses) => {
    expect(await told(url)).toBe(addresses)
  })

  it.each([
    ['no URL', 'erp.example.com/hooks', /is no URL/],
    ['plain http', 'http://erp.example.com/', /must begin with https/],
    ['another protocol', 'file:///etc/passwd', /must begin with https/],
    ['gopher', 'gopher://erp.example.com:6379/_x', /must begin with https/],
    ['a user in it', 'https://a:b@erp.example.com/', /no user and password/],
    ['a host hidden behind a user', 'https://erp.example.com@127.0.0.1/', /no user and password/],
    ['a fragment', 'https://erp.example.com/#x', /no # part/],
    ['a name that is not there', 'https://nowhere.example.com/', /host that is not found: nowhere\.example\.com/],
    ['a name that means no address', 'https://nonsense.example.com/', /not found/],
    ['loopback', 'https://127.0.0.1/', /127\.0\.0\.1 is private/],
    ['another loopback', 'https://127.8.9.10/', /private/],
    ['localhost', 'https://localhost/', /127\.0\.0\.1, which localhost means, is private/],
    ['localhost with a dot', 'https://localhost./', /private/],
    ['loopback as one number', 'https://2130706433/', /127\.0\.0\.1 is private/],
    ['loopback in hex', 'https://0x7f.1/', /127\.0\.0\.1 is private/],
    ['loopback in octal', 'https://0177.0.0.1/', /127\.0\.0\.1 is private/],
    ['loopback in other digits', 'https://①②⑦.0.0.1/', /127\.0\.0\.1 is private/],
    ['unspecified', 'https://0.0.0.0/', /reserved/],
    ['10/8', 'https://10.255.0.1/', /private/],
    ['172.16/12', 'https://172.31.255.255/', /private/],
    ['192.168/16', 'https://192.168.1.1/', /private/],
    ['carrier-grade NAT', 'https://100.64.0.1/', /private/],
    ['benchmarks', 'https://198.19.0.1/', /private/],
    ['examples', 'https://203.0.113.7/', /private/],
    ['link-local', 'https://169.254.1.1/', /link-local/],
    ['metadata of most clouds', 'https://169.254.169.254/latest/meta-data', /link-local/],
    ['metadata of Alibaba Cloud', 'https://100.100.100.200/', /link-local/],
    ['metadata of Azure', 'https://168.63.129.16/', /link-local/],
    ['metadata of AWS over IPv6', 'https://[fd00:ec2::254]/', /link-local/],
    ['metadata of Oracle', 'https://192.0.0.192/', /link-local/],
    ['multicast', 'https://239.1.1.1/', /multicast/],
    ['broadcast', 'https://255.255.255.255/', /reserved/],
    ['IPv6 loopback', 'https://[::1]/', /private/],
    ['IPv6 unspecified', 'https://[::]/', /reserved/],
    ['IPv6 link-local', 'https://[fe80::1]/', /link-local/],
    ['IPv6 site-local', 'https://[fec0::1]/', /link-local/],
    ['IPv6 of one’s own', 'https://[fd12:3456::1]/', /private/],
    ['IPv6 multicast', 'https://[ff02::1]/', /multicast/],
    ['IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/', /private/],
    ['IPv4 in IPv6, in hex', 'https://[::ffff:7f00:1]/', /private/],
    ['link-local in IPv6', 'https://[::ffff:169.254.169.254]/', /link-local/],
    ['IPv4-compatible', 'https://[::127.0.0.1]/', /private/],
    ['6to4', 'https://[2002:7f00:1::]/', /private/],
    ['Teredo', 'https://[2001:0:7f00:1::]/', /private/],
    ['NAT64', 'https://[64:ff9b::7f00:1]/', /private/],
    ['a name that means a private address', 'https://inside.example.com/', /10\.2\.0\.8, which .* means, is private/],
    ['a name that means both', 'https://half.example.com/', /127\.0\.0\.1/],
    ['a name that means IPv4 in IPv6', 'https://mapped.example.com/', /private/],
    ['a name that means metadata', 'https://metadata.example.com/', /link-local/],
    ['a name with a zone', 'https://scoped.example.com/', /fe80::1, which .* link-local/],
  ])('%s: no', async (_, url, why) => {
    expect(await told(url)).toMatch(why)
  })

  it.each([
    ['a name, by http', 'http://erp.corp.example/', ['erp.corp.example'], /^10\.2\.0\.9$/],
    ['a name in capitals', 'http://ERP.corp.example/', ['erp.CORP.example'], /^10\.2\.0\.9$/],
    ['a name without dots', 'http://erp/', ['erp'], /^172\.16\.4\.4$/],
    ['a range', 'http://10.2.0.8:8080/', ['10.2.0.0/16'], /^10\.2\.0\.8$/],
    ['an address', 'https://10.2.0.8/', ['10.2.0.8'], /^10\.2\.0\.8$/],
    ['a name in a range', 'http://inside.example.com/', ['10.2.0.0/16'], /^10\.2\.0\.8$/],
    ['an IPv6 range', 'http://[fd12::8]/', ['fd12::/16'], /^fd12::8$/],
    ['a public host by http', 'http://erp.example.com/', ['erp.example.com'], /^93/],
  ])('allowed by the operator: %s', async (_, url, allow, addresses) => {
    expect(await told(url, allow)).toMatch(addresses)
  })

  it.each([
    ['another name', 'http://inside.example.com/', ['erp.corp.example'], /private/],
    ['a name below it', 'https://x.erp.corp.example/', ['erp.corp.example'], /not found/],
    ['outside of the range', 'http://10.3.0.8/', ['10.2.0.0/16'], /private/],
    ['localhost where only IPv4 is allowed', 'http://localhost/', ['127.0.0.1'], /::1, which localhost means/],
    ['a public host by http that is not named', 'http://erp.example.com/', ['10.0.0.0/8'], /must begin with https/],
    ['an allowed name that leads to metadata', 'http://trap.corp.example/', ['trap.corp.example'], /link-local/],
    ['a user in an allowed one', 'http://a:b@10.2.0.8/', ['10.2.0.0/16'], /no user and password/],
  ])('not allowed by the operator: %s', async (_, url, allow, why) => {
    expect(await told(url, allow)).toMatch(why)
  })

  it('takes names, addresses and ranges from the operator, and nothing else', () => {
    const good = ['erp', 'erp.corp.example', '10.2.0.8', '10.0.0.0/8', '::1', 'fd00::/8', 'my_erp.example']
    expect(good.filter(one => !isAllowance(one))).toEqual([])
    const bad = [
      '10.0.0.0/33',
      '10.0.0/8',
      'http://erp',
      'erp/8',
      '10.0.0.0/8/8',
      '*.example',
      'a b',
      '1.2.3',
      'fd00::/129',
    ]
    expect(bad.filter(one => isAllowance(one))).toEqual([])
  })

  it('takes nothing that is no address for a public one', () => {
    expect(['', 'erp', '1.2.3', '10.0.0.1 '].map(one => kindOf(one))).toEqual(Array(4).fill('forbidden'))
  })
})
