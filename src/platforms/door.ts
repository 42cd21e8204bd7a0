import { forLog } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Clock } from '../now.ts'
import type { RawAnswer, RawRequest, Signals } from './platform.ts'

/** What the doors of all platforms have in common. */

export interface DoorDeps {
  clock: Clock
  signals: Signals
  log: Log
  answerWithinMs: number
}

/** The largest request a door looks at. */
export const mostBytes = 262_144

export const short = (status: number, body: string): RawAnswer => ({ status, type: 'text/plain; charset=utf-8', body })

/** Status for a refusal; the body never says why. */
export function refusal(reason: string): RawAnswer {
  if (reason === 'size') return short(413, 'too large')
  return reason === 'malformed' || reason === 'signature' ? short(401, 'unauthorized') : short(403, 'forbidden')
}

/** Reports an answer as said; when that fails, the outbox says it once more, which is harmless. */
export function told(answered: () => Promise<void>, log: Log): void {
  answered().catch(error =>
    log.warn(
      { reason: error instanceof Error ? error.message : String(error) },
      'an answer could not be marked as said',
    ),
  )
}

/** A bug must not tell strangers anything, nor look like an acknowledgement. */
export function guarded<T extends RawAnswer>(handle: (request: RawRequest) => Promise<T>, log: Log) {
  return async (request: RawRequest): Promise<T | RawAnswer> => {
    try {
      return await handle(request)
    } catch (error) {
      log.error({ err: forLog(error) }, 'a door failed')
      return short(503, 'try again')
    }
  }
}
