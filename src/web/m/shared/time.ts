import { onUnmounted, type Ref } from 'vue'
import { useClock } from '../../shared/clock.ts'

/** The service's time, running by the second. */
export function useServerTime(): { now: Ref<number>; setTo(iso: string): void } {
  const { now, heard } = useClock(1_000)
  return { now, setTo: heard }
}

/** Calls again and again while the page can be seen, and when it is seen again. */
export function whileSeen(call: () => void, everyMs: number): void {
  const seen = () => {
    if (!document.hidden) call()
  }
  const timer = setInterval(seen, everyMs)
  document.addEventListener('visibilitychange', seen)
  globalThis.addEventListener('online', seen)
  onUnmounted(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', seen)
    globalThis.removeEventListener('online', seen)
  })
}
