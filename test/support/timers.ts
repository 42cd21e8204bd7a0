import { vi } from 'vitest'

/**
 * Fakes timers and watches those that the doors set; tells how many of them are still to come. Files of a worker share its
 * timers: what another one left behind may set one at any moment.
 */
export function watchTimers(of = '/src/platforms/'): () => number {
  vi.useFakeTimers()
  const left = new Set<unknown>()
  for (const [set, clear] of [
    ['setTimeout', 'clearTimeout'],
    ['setInterval', 'clearInterval'],
  ] as const) {
    const [begin, end] = [globalThis[set], globalThis[clear]]
    const watched = (work: () => void, ms?: number) => {
      const timer = begin(() => {
        if (set === 'setTimeout') left.delete(timer)
        work()
      }, ms)
      if (new Error().stack?.includes(of)) left.add(timer)
      return timer
    }
    const cleared = (timer: never) => {
      left.delete(timer)
      end(timer)
    }
    // With what the fakes know of the real ones, so that these come back.
    Object.assign(globalThis, { [set]: Object.assign(watched, begin), [clear]: Object.assign(cleared, end) })
  }
  return () => left.size
}
