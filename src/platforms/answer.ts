import type { Answer, Receipt } from './platform.ts'

export interface Waits {
  /** Until when an event must be kept; afterwards the platform is to deliver it again. Milliseconds from now. */
  storeMs: number
  /** Until when an answer still goes out at once. Milliseconds from now. */
  answerMs: number
}

/** `lost`: not kept, or not known to be. Else what to answer, if it was ready in time. */
export type Outcome = { kind: 'lost' } | { kind: 'kept'; answer: Answer | null }

/**
 * Gives an event to the service and waits for it as long as the platform does. Never throws. A handling that fails after
 * the event was kept is no concern of the platform's: the inbox tries again.
 */
export async function settle(receive: () => Receipt, { storeMs, answerMs }: Waits): Promise<Outcome> {
  const storeBy = timer(storeMs)
  const answerBy = timer(answerMs)
  try {
    const { stored, handled } = receive()
    const answer = handled.catch(() => null)
    const kept = await Promise.race([stored.then(() => true), storeBy.over.then(() => false)])
    if (!kept) return { kind: 'lost' }
    return { kind: 'kept', answer: await Promise.race([answer, answerBy.over.then(() => null)]) }
  } catch {
    return { kind: 'lost' }
  } finally {
    storeBy.stop()
    answerBy.stop()
  }
}

function timer(ms: number): { over: Promise<void>; stop: () => void } {
  let handle: NodeJS.Timeout | undefined
  const over = new Promise<void>(resolve => {
    handle = setTimeout(resolve, ms)
  })
  return { over, stop: () => clearTimeout(handle) }
}
