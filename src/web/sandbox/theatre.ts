import { ref, shallowRef } from 'vue'
import { DAY_OF_ONE_ORDER } from './day.ts'
import * as desk from './desk.ts'
import { samplePhoto } from './photo.ts'
import { nameOf } from './seen.ts'
import { type Caption, play, type Stage, Stopped } from './story.ts'
import { dateOf, timeOf } from './when.ts'

/** The story on this page: its caption and its buttons. */
export const caption = shallowRef<Caption>()
export const playing = ref(false)
export const paused = ref(false)

let stopped = false
let stepOnce = false
let wake: (() => void) | undefined

function poke(): void {
  wake?.()
  wake = undefined
}

const pause = (ms?: number): Promise<void> =>
  new Promise(resolve => {
    const timer = ms === undefined ? undefined : setTimeout(resolve, ms)
    wake = () => {
      clearTimeout(timer)
      resolve()
    }
  })

const stage: Stage = {
  state: () => desk.state.value,
  changed: desk.changed,
  elapsed: () => performance.now(),
  async rest(ms) {
    if (!stepOnce) await pause(ms)
    if (stopped) throw new Stopped()
  },
  async gate() {
    if (stopped) throw new Stopped()
    while (paused.value && !stepOnce) {
      await pause()
      if (stopped) throw new Stopped()
    }
    stepOnce = false
  },
  caption: now => {
    caption.value = now
  },
  focus(seat, chat, speaker) {
    desk.show(seat, chat, speaker)
    desk.lit.value = seat
  },
  hint(now) {
    desk.typing.value = now && 'typing' in now ? now.typing : undefined
    desk.pressing.value = now && 'pressing' in now ? now.pressing : undefined
  },
  say: desk.say,
  tap: desk.tap,
  clock: desk.clock,
  samplePhoto(as, chat) {
    const now = desk.clockNow()
    return desk.photo({ as, chat, image: samplePhoto(personName(as), `${dateOf(now)} ${timeOf(now)}`) })
  },
}

function personName(userId: string): string {
  return nameOf(desk.people.value, userId)
}

export async function start(): Promise<void> {
  if (playing.value) return
  stopped = false
  stepOnce = false
  paused.value = false
  playing.value = true
  const end = await play(DAY_OF_ONE_ORDER, stage)
  playing.value = false
  desk.lit.value = ''
  if (end === 'stopped') caption.value = undefined
}

export function togglePause(): void {
  paused.value = !paused.value
  if (!paused.value) poke()
}

/** Cuts a reading pause short, or plays one step while paused. */
export function next(): void {
  if (paused.value) stepOnce = true
  poke()
}

/** Ends the story; once it has ended, takes its caption away. */
export function stop(): void {
  stopped = true
  poke()
  if (!playing.value) caption.value = undefined
}
