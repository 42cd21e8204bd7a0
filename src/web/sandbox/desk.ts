import { computed, reactive, ref, shallowRef, watch } from 'vue'
import type { SandboxActions, SandboxLogEntry, SandboxState } from '../../sandbox/wire.ts'
import { EVENTS, getLog, getState, post } from './api.ts'
import { appsFor, type Mix } from './apps.ts'
import { GROUP_SEAT, keepSame, liveliestGroup, type Seat, seatsOf, speakersOf } from './seen.ts'

/** The desk: what the server told last, what is open on which phone, and the actions. One per page. */
export type Link = 'loading' | 'live' | 'lost'

const LOG_KEPT = 500
const RETRY_MS = 3_000

export const state = shallowRef<SandboxState>()
export const link = ref<Link>('loading')
export const failure = ref('')
export const log = shallowRef<SandboxLogEntry[]>([])

/** Seat → the chat open on it. */
export const open = reactive<Record<string, string>>({})
/** What was typed and not sent yet, by seat and chat. */
export const drafts = reactive<Record<string, string>>({})
/** Who speaks on the group's screen. */
export const speaker = ref<string>()
/** The seat in front: the only one a narrow screen shows. */
export const front = ref('')
/** What the story is doing right now. */
export const typing = shallowRef<{ chat: string; as: string; text: string }>()
export const pressing = shallowRef<{ message: string; key: string }>()
export const lit = ref('')

const NOBODY: SandboxState['people'] = []
/** Both keep their identity while nobody comes or goes, so that messages are not drawn again with every state. */
export const people = computed(() => state.value?.people ?? NOBODY)
const speakers = computed(() => {
  const services = (state.value?.messages ?? []).flatMap(({ from }) => (from.kind === 'person' ? [] : [from.name]))
  return [...new Set([...people.value.map(person => person.name), ...services, '派工助手'])].join('\n')
})
/** Names that may be mentioned. */
export const names = computed(() => speakers.value.split('\n'))

export const seats = computed<Seat[]>(() => (state.value ? seatsOf(state.value, speaker.value, open[GROUP_SEAT]) : []))

let heardAt = 0

/** The sandbox's time now, carried on from the last state. */
export function clockNow(): number {
  return state.value ? Date.parse(state.value.now) + (performance.now() - heardAt) : 0
}

function hear(next: SandboxState): void {
  heardAt = performance.now()
  state.value = keepSame(state.value, next)
  link.value = 'live'
  failure.value = ''
}

watch(seats, now => {
  for (const seat of now) {
    if (seat.kind === 'person' && !seat.chats.some(chat => chat.id === open[seat.key])) {
      open[seat.key] = seat.chats[0]?.id ?? ''
    }
  }
  if (!now.some(seat => seat.key === front.value)) front.value = now[0]?.key ?? ''
})

/** When people change apps, the group's screen follows them out of a group in which nobody is left to speak. */
watch(
  () => people.value.map(person => person.uses).join(),
  () => {
    const now = state.value
    const group = now?.chats.find(chat => chat.id === open[GROUP_SEAT])
    if (now && (!group || speakersOf(now, group).length === 0)) open[GROUP_SEAT] = liveliestGroup(now)?.id ?? ''
  },
)

function addLog(entries: SandboxLogEntry[]): void {
  const known = new Map(log.value.map(entry => [entry.id, entry]))
  for (const entry of entries) known.set(entry.id, entry)
  log.value = [...known.values()].sort((a, b) => a.id - b.id).slice(-LOG_KEPT)
}

async function refresh(): Promise<void> {
  try {
    const [now, entries] = await Promise.all([getState(), getLog()])
    hear(now)
    addLog(entries.items)
  } catch (error) {
    failure.value = error instanceof Error ? error.message : String(error)
    if (link.value !== 'loading' || !state.value) link.value = 'lost'
  }
}

/** Opens the stream of events and keeps it open. */
export function connect(): void {
  const stream = new EventSource(EVENTS)
  stream.addEventListener('open', () => void refresh())
  stream.addEventListener('state', event => hear(JSON.parse(event.data) as SandboxState))
  stream.addEventListener('log', event => addLog([JSON.parse(event.data) as SandboxLogEntry]))
  stream.addEventListener('error', () => {
    link.value = 'lost'
    failure.value ||= '连不上服务，检查它是否还在运行'
    // A browser retries by itself unless the answer was not a stream at all.
    if (stream.readyState === EventSource.CLOSED) setTimeout(connect, RETRY_MS)
  })
}

/** Resolves when the server said something new, or after `ms`. */
export function changed(ms: number): Promise<void> {
  return new Promise(resolve => {
    const timer = setTimeout(done, ms)
    const unwatch = watch(state, done)
    function done() {
      clearTimeout(timer)
      unwatch()
      resolve()
    }
  })
}

export const say = (body: SandboxActions['say']) => post('say', body)
export const tap = (body: SandboxActions['tap']) => post('tap', body)
export const photo = (body: SandboxActions['photo']) => post('photo', body)
export const location = (body: SandboxActions['location']) => post('location', body)
export const voice = (body: SandboxActions['voice']) => post('voice', body)
export const read = (body: SandboxActions['read']) => post('read', body)
export const clock = (body: SandboxActions['clock']) => post('clock', body)
export const approval = (body: SandboxActions['approval']) => post('approval', body)

/** Somebody is changing apps. */
export const switching = ref(false)

async function switchEach(switches: Array<SandboxActions['switch']>): Promise<void> {
  if (switching.value) return
  switching.value = true
  try {
    for (const each of switches) await post('switch', each)
  } finally {
    switching.value = false
  }
}

export const switchApp = (body: SandboxActions['switch']) => switchEach([body])
export const switchAll = (mix: Mix) => switchEach(appsFor(people.value, mix))

/** Brings a phone and a chat to the front. */
export function show(seat: string, chat: string, who: string): void {
  if (seat === GROUP_SEAT) speaker.value = who
  open[seat] = chat
  front.value = seat
}
