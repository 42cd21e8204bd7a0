import { onUnmounted, type Ref, ref } from 'vue'

/** The service's time, counted on between answers: a phone's or a sandbox's own clock may say anything. */
export function useClock(tickMs = 10_000): { now: Ref<number>; heard(serverNow: string): void } {
  const now = ref(Date.now())
  let said: { server: number; here: number } | null = null
  const tick = () => {
    if (said) now.value = said.server + performance.now() - said.here
  }
  const timer = setInterval(tick, tickMs)
  onUnmounted(() => clearInterval(timer))
  return {
    now,
    heard(serverNow) {
      said = { server: Date.parse(serverNow), here: performance.now() }
      tick()
    },
  }
}
