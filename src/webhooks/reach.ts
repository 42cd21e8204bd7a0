import { promises as dns } from 'node:dns'
import { isIP } from 'node:net'
import { familyOf, kindOf, listOf } from '../addresses.ts'

/**
 * Where messages may be sent. Whoever enters an address makes this service knock there from inside the company's network
 * (SSRF): so it goes to public addresses only, unless the operator allowed others (WEBHOOK_ALLOW).
 */

const hostName = /^(?=.{1,253}$)([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?$/i

/** Whether it is what WEBHOOK_ALLOW takes: a host name, an address, or a range like 10.2.0.0/16. */
export function isAllowance(text: string): boolean {
  const [net = '', bits, ...more] = text.split('/')
  const family = isIP(net)
  if (bits === undefined) return family !== 0 || (hostName.test(net) && !/^[\d.]+$/.test(net))
  return family !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
}

/** An address a message goes to: the URL, and the very addresses that were looked at. */
export interface Target {
  url: URL
  addresses: Array<{ address: string; family: 4 | 6 }>
}

export type Refused = { refused: string }
export type Resolve = (host: string) => Promise<string[]>

export interface Reach {
  /** Looked at anew each time: a name may mean another address by now. */
  look(url: string): Promise<Target | Refused>
}

const resolveBySystem: Resolve = async host => (await dns.lookup(host, { all: true })).map(({ address }) => address)

export function createReach(allow: readonly string[], resolve: Resolve = resolveBySystem): Reach {
  const names = new Set(allow.filter(one => isIP(one.split('/')[0] ?? '') === 0).map(one => one.toLowerCase()))
  const ranges = listOf(allow.filter(one => isIP(one.split('/')[0] ?? '') !== 0))
  return {
    async look(text) {
      if (!URL.canParse(text)) return { refused: 'is no URL' }
      const url = new URL(text)
      const { protocol, username, password } = url
      if (protocol !== 'https:' && protocol !== 'http:') return { refused: 'must begin with https://' }
      if (username || password)
        return { refused: 'must have no user and password in it: what is sent is signed instead' }
      if (url.hash) return { refused: 'must have no # part: that is never sent' }
      const host = url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
      const told = isIP(host) ? [host] : await resolve(host).catch(() => [])
      // Without the zone of a link-local one (`fe80::1%eth0`).
      const found = told.map(one => one.replace(/%.*$/, '')).filter(one => isIP(one) !== 0)
      if (found.length === 0) return { refused: `has a host that is not found: ${host}` }
      const named = names.has(host.toLowerCase())
      const inRange = (address: string) => ranges.check(address, familyOf(address))
      for (const address of found) {
        const kind = kindOf(address)
        // A name that is allowed stands for the company's own network, never for where a cloud keeps its metadata.
        if (kind === 'public' || inRange(address) || (named && kind === 'private')) continue
        const which = isIP(host) ? address : `${address}, which ${host} means,`
        const what = kind === 'private' ? 'private or special' : 'link-local, multicast or reserved'
        const way = 'The operator can allow it with WEBHOOK_ALLOW'
        return { refused: `leads to an address that is not public: ${which} is ${what}. ${way}` }
      }
      if (protocol === 'http:' && !named && !found.every(inRange))
        return { refused: 'must begin with https://; http is for hosts that WEBHOOK_ALLOW names' }
      return { url, addresses: found.map(address => ({ address, family: isIP(address) === 6 ? 6 : 4 })) }
    },
  }
}
