import type { PlatformName } from '../../src/chat/inbound.ts'
import type { Answered, Browser } from '../support/browser.ts'
import type { TestDatabase } from '../support/db.ts'
import type { World } from '../support/world.ts'

/** What differs between the ways out: the name of the code in the address, and the call that exchanges it. */
export const homeOf = (road: PlatformName) =>
  road === 'wecom'
    ? { code: 'code', api: 'auth/getuserinfo' }
    : { code: 'authCode', api: '/v1.0/oauth2/userAccessToken' }

/** Sets out to sign in and chooses a person on the platform's page; the way back is not gone yet. */
export async function startAt(
  world: World,
  browser: Browser,
  userId: string,
  next = '/login',
  road: PlatformName = world.on[0] ?? 'wecom',
): Promise<{ back: URL; code: string; state: string }> {
  const choosing = await browser.follow(`/login/${road}?next=${encodeURIComponent(next)}`)
  const chosen = await browser.open(`${choosing.path}&as=${userId}`)
  const back = new URL(chosen.location ?? '')
  const code = back.searchParams.get(homeOf(road).code) ?? ''
  return { back, code, state: back.searchParams.get('state') ?? '' }
}

/** Signs in as one does, and arrives somewhere. */
export async function signIn(
  world: World,
  browser: Browser,
  userId: string,
  next?: string,
  road?: PlatformName,
): Promise<Answered & { path: string }> {
  const { back } = await startAt(world, browser, userId, next, road)
  return browser.follow(back.href)
}

/** What was written down, oldest first. */
export async function rowsOf(db: TestDatabase): Promise<Array<{ action: string; via: string; who: string | null }>> {
  const rows = await db.prisma.auditEntry.findMany({ orderBy: { id: 'asc' } })
  const people = new Map((await db.prisma.person.findMany()).map(({ id, name }) => [id, name]))
  return rows.map(({ action, via, personId }) => ({ action, via, who: personId && (people.get(personId) ?? null) }))
}

/** The status of a page that lets nobody in, and the reason that was written down last. */
export async function refusedFor(db: TestDatabase, page: Answered): Promise<[number, unknown]> {
  const row = await db.prisma.auditEntry.findFirst({ orderBy: { id: 'desc' } })
  const data = row?.action === 'session.refused' ? (row.data as { reason?: string }) : {}
  return [page.status, data.reason]
}
