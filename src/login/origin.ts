/** What of a request says where it came from. Missing headers are `''`, as Koa has them. */
export interface Asked {
  origin: string
  /** `Sec-Fetch-Site` */
  site: string
}

/**
 * A request that changes something comes from a page of ours: each header that says where it comes from says so, and at
 * least one is there. A browser sends `Origin` with every POST.
 */
export function isOwnPage({ origin, site }: Asked, own: string): boolean {
  if (origin === '' && site === '') return false
  return (origin === '' || origin === own) && (site === '' || site === 'same-origin')
}

/** Which platform's app a page is looked at in; null for any other browser. */
export function appOf(userAgent: string): 'wecom' | 'dingtalk' | null {
  if (/wxwork/i.test(userAgent)) return 'wecom'
  return /dingtalk/i.test(userAgent) ? 'dingtalk' : null
}

/** An address without its last part: enough to see that somebody came from elsewhere, not to find him. */
export function shortIp(ip: string): string {
  const plain = ip.replace(/^::ffff:(?=\d+\.)/i, '')
  const four = /^(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/.exec(plain)
  if (four) return `${four[1]}.0`
  if (!/^[0-9a-f:]{2,45}$/i.test(plain) || !plain.includes(':')) return ''
  return `${wholeIp(plain).slice(0, 3).join(':')}::`
}

/** The groups of an IPv6 address with what `::` leaves out. */
function wholeIp(ip: string): string[] {
  const [head = '', tail] = ip.toLowerCase().split('::')
  const first = head.split(':').filter(Boolean)
  const last = tail?.split(':').filter(Boolean) ?? []
  const zeros = Array.from({ length: Math.max(0, 8 - first.length - last.length) }, () => '0')
  return [...first, ...zeros, ...last]
}

/** A browser's name for people who look through their sessions: printable, not long. */
export const shortAgent = (userAgent: string): string => userAgent.replace(/[^\x20-\x7e]/g, '').slice(0, 120)

/**
 * Who asks, where a proxy in the same network carries the request: the proxy names him last in `X-Forwarded-For`. From
 * anywhere else the header is the asker's own word and counts for nothing.
 */
export function askerIp(peer: string, forwardedFor: string): string {
  const near = /^(::ffff:)?(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)|^(::1$|f[cd][0-9a-f]{2}:)/i.test(peer)
  return (near && forwardedFor.split(',').at(-1)?.trim()) || peer
}
