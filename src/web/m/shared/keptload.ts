import { type Ref, ref } from 'vue'
import { ask, isUnreached, openSession, type Session } from '../../shared/ask.ts'
import { forgetAnswers, keepAnswer, keepFor, keptAnswer } from '../../shared/kept.ts'
import { type Loaded, useLoad } from '../../shared/load.ts'

/** Of an answer with the service's time in it. */
interface Timed {
  now: string
}

/** What a page reads, and when what it shows was read; `keptAt` is null while it is as the service has it now. */
export interface KeptLoad<T> extends Loaded<T> {
  keptAt: Ref<Date | null>
  /** Keeps what came of something else than reading. */
  keep(body: T): void
}

/** Reads as `useLoad` does; where the service can't be reached it shows what was read last in this session. */
export function useKeptLoad<T extends Timed>(path: string): KeptLoad<T> {
  const keptAt = ref<Date | null>(null)
  const keep = (body: T) => keepAnswer(path, body)
  const load = useLoad<T>(async () => {
    try {
      const body = await ask<T>(path)
      keep(body)
      keptAt.value = null
      return body
    } catch (error) {
      const kept = isUnreached(error) ? keptAnswer<T>(path) : null
      if (!kept) throw error
      keptAt.value = new Date(kept.at)
      return { ...kept.body, now: timeNow(kept.body.now, kept.at) }
    }
  })
  return { ...load, keptAt, keep }
}

/** The service's time went on since. */
const timeNow = (now: string, at: number): string =>
  new Date(Date.parse(now) + Math.max(0, Date.now() - at)).toISOString()

const sessionPath = '/session'
/** Taken away by whatever signs out here, a page without scripts among them. */
const isSignedIn = (): boolean => /(^|; )(__Host-)?paigong-in=1(;|$)/.test(document.cookie)

/** Who is signed in; without a network whoever was when the pages were last open, unless that is over by now. */
export async function sessionOrKept(): Promise<Session> {
  try {
    const session = await openSession()
    keepFor(session.csrf)
    // The token stays in the memory of the page.
    keepAnswer<Session>(sessionPath, { ...session, csrf: '' })
    return session
  } catch (error) {
    if (!isSignedIn()) forgetAnswers()
    const kept = isUnreached(error) ? keptAnswer<Session>(sessionPath) : null
    if (!kept || Date.parse(kept.body.expiresAt) <= Date.now()) throw error
    return kept.body
  }
}
