import { isIP } from 'node:net'
import { Permanent, Temporary } from '../errors.ts'
import type { Checkup, CheckupDeps, Found } from './checkup.ts'
import type { Request, Response } from './exchange.ts'

/** How the service's own doors look from where the platforms stand: asked through PUBLIC_URL, as they would. */

const mostBytes = 65_536
const timeoutMs = 10_000
/** A platform checks an address for a second when it is saved (wecom.md §3.1). */
const promptMs = 1_000

/** What came back from one of our doors, or null when something else was found on the way. */
export type Knocked = { response: Response; ms: number } | null

/** Codes of Node for certificates nobody would accept. */
const certificates = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|UNABLE_TO_GET_ISSUER/

/** Asks a door. What is wrong with the way to it is found here; what its answer means is for who asked. */
export async function knock(
  deps: Pick<CheckupDeps, 'exchange' | 'clock'>,
  found: Found,
  asked: Pick<Request, 'method' | 'url' | 'body' | 'headers' | 'params'>,
): Promise<Knocked> {
  const started = deps.clock.now().getTime()
  const where = { url: withoutQuery(asked.url) }
  let response: Response
  try {
    response = await deps.exchange({ ...asked, most: mostBytes, timeoutMs })
  } catch (error) {
    if (!(error instanceof Temporary || error instanceof Permanent)) throw error
    const why = /\((\w+)\)$/.exec(error.message)?.[1] ?? error.code
    found(certificates.test(why) ? 'door.certificate' : 'door.unreachable', { ...where, why })
    return null
  }
  const { status, headers } = response
  if ([502, 503, 504].includes(status)) found('door.no-service', { ...where, status })
  else if (status >= 300 && status < 400) {
    const to = String(headers.location ?? '')
    found('door.redirect', {
      ...where,
      to: URL.canParse(to, asked.url) ? withoutQuery(new URL(to, asked.url).href) : to,
    })
  } else return { response, ms: deps.clock.now().getTime() - started }
  return null
}

/** Ours and nobody else's: a refusal of a door of the service is one word and its status. */
export function ourRefusal({ status, bytes }: Response): 'token' | 'key' | null {
  const text = bytes.toString()
  if (status === 401 && text === 'unauthorized') return 'token'
  return status === 403 && text === 'forbidden' ? 'key' : null
}

export function elsewhere(found: Found, url: string, { status }: Response): void {
  found('door.elsewhere', { url: withoutQuery(url), status })
}

export function checkPrompt(found: Found, url: string, ms: number): void {
  if (ms > promptMs) found('door.slow', { url: withoutQuery(url), ms })
}

/**
 * PUBLIC_URL for itself: whether servers and phones can get there at all, and whether payslips and ratings, which are
 * on every platform's cards, come through. A payslip nobody has is refused with a header that no proxy sets by itself.
 */
export const checkupPublic: Checkup = async deps => {
  const { report, publicUrl } = deps
  if (!publicUrl) return
  await report.look('public', async found => {
    checkAddress(found, publicUrl)
    const url = new URL('/p/doctor', publicUrl).href
    const knocked = await knock(deps, found, { method: 'GET', url })
    if (!knocked) return
    const { status, headers } = knocked.response
    if (!/noarchive/.test(String(headers['x-robots-tag']))) found('public.pages-path', { url, status })
  })
}

function checkAddress(found: Found, publicUrl: string): void {
  const { protocol, hostname } = new URL(publicUrl)
  if (protocol !== 'https:') found('public.not-https', { url: publicUrl })
  if (isPrivate(hostname)) found('public.private', { host: hostname })
}

const isPrivate = (host: string): boolean => {
  if (/^(localhost|.*\.(localhost|local|lan|internal))$/.test(host)) return true
  if (isIP(host) !== 4) return /^\[(::1|f[cd]|fe80)/i.test(host)
  return /^(0|10|127|169\.254|192\.168|172\.(1[6-9]|2\d|3[01])|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./.test(host)
}

/** The pages people sign in at are behind the same address: `/session` answers a stranger with 401 and a problem. */
export async function checkPages(deps: CheckupDeps, found: Found, publicUrl: string): Promise<void> {
  const url = new URL('/session', publicUrl).href
  const knocked = await knock(deps, found, { method: 'GET', url })
  if (!knocked) return
  const { status, headers } = knocked.response
  if (status !== 401 || !/problem\+json/.test(String(headers['content-type'])))
    found('public.login-path', { url, status })
}

const withoutQuery = (url: string): string => {
  const { origin, pathname } = new URL(url)
  return `${origin}${pathname}`
}
