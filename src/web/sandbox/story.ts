import type { SandboxActions, SandboxChat, SandboxMessage, SandboxPerson, SandboxState } from '../../sandbox/wire.ts'
import { liveButtons } from './cards.ts'
import { APP_KEYS, APPS, chatsOf, GROUP_SEAT, touchedAt, wordsOf } from './seen.ts'
import { hourOf, nextHour, nextMorning } from './when.ts'

/** Plays a story through the same actions as a person, waiting for what each step promises. No browser in here. */
export type Where = 'app' | 'bot' | 'group'

/** DingTalk's robot is app and bot in one. */
const isAt = (chat: SandboxChat, where: Where): boolean =>
  chat.kind === where || (chat.kind === 'robot' && where !== 'group')

export type Deed =
  | { say: string; in: Where; at?: true }
  | { tap: string }
  | { photo: true; in: Where }
  | { clock: 'next-morning' }
  /** Moves the clock in small steps until what is promised comes. */
  | { creep: { stepMs: number; most: number } }
  | { watch: true }

export interface Promised {
  /** Name of the one on whose phone it shows. */
  on: string
  in?: Where
  /** A live button with this label. */
  button?: string
  /** Words of a message the service sent or repainted. */
  words?: RegExp
}

export interface Step {
  /** Name of the one who acts. */
  who: string
  title: string
  why: string
  deed: Deed
  promised: Promised
  /** Shown instead of stopping when the promised thing doesn't come. */
  otherwise?: string
}

export interface Caption {
  n: number
  of: number
  title: string
  why: string
  mood: 'acting' | 'waiting' | 'seen' | 'failed' | 'finished'
}

/** What the player needs from the page. */
export interface Stage {
  state(): SandboxState | undefined
  /** Resolves when the state changed or after `ms`. */
  changed(ms: number): Promise<void>
  /** Milliseconds that only grow. */
  elapsed(): number
  /** A pause for the reader's eyes; the stage may cut it short. Rejects with `Stopped`. */
  rest(ms: number): Promise<void>
  /** Resolves when the next step may begin. Rejects with `Stopped`. */
  gate(): Promise<void>
  caption(caption: Caption): void
  /** Brings a phone (a userId, or `group` with its speaker) and a chat to the front. */
  focus(seat: string, chat: string, speaker: string): void
  /** Shows what is about to be done: words being typed, a button under the finger. */
  hint(
    hint:
      | { typing: { chat: string; as: string; text: string } }
      | { pressing: { message: string; key: string } }
      | undefined,
  ): void
  say(body: SandboxActions['say']): Promise<unknown>
  tap(body: SandboxActions['tap']): Promise<unknown>
  samplePhoto(as: string, chat: string): Promise<unknown>
  clock(body: SandboxActions['clock']): Promise<unknown>
}

/** The person at the desk ended the story. */
export class Stopped extends Error {}

/** A step that could not be done, in words for the caption bar. */
export class Stuck extends Error {}

export const PATIENCE_MS = 12_000
const READ_MS = 2_600
const LOOK_MS = 900

export function personNamed(state: SandboxState, name: string): SandboxPerson {
  const person = state.people.find(each => each.name === name)
  if (!person) throw new Stuck(`这张桌上没有「${name}」，故事演不下去。`)
  return person
}

export function chatIn(state: SandboxState, person: SandboxPerson, where: Where): string {
  const chat = chatsOf(state, person.userId).find(each => isAt(each, where))
  if (!chat) throw new Stuck(`${person.name}的${APPS[person.uses]}里没有${where === 'group' ? '群' : '这个会话'}。`)
  return chat.id
}

/**
 * Messages a person sees, the one touched last first. Groups have a screen of their own, which shows both platforms': his
 * own app's come before the other's.
 */
function onPhone(state: SandboxState, person: SandboxPerson, where?: Where): SandboxMessage[] {
  const own = chatsOf(state, person.userId)
  const near = where === 'group' ? APP_KEYS.flatMap(app => chatsOf(state, person.userId, app)) : own
  const chats = new Set(near.filter(chat => !where || isAt(chat, where)).map(chat => chat.id))
  const apart = (message: SandboxMessage) => Number(!own.some(chat => chat.id === message.chat))
  return state.messages
    .map((message, order) => ({ message, order }))
    .filter(({ message }) => chats.has(message.chat))
    .sort(
      (a, b) => apart(a.message) - apart(b.message) || touchedAt(b.message) - touchedAt(a.message) || b.order - a.order,
    )
    .map(({ message }) => message)
}

/** The newest live button a person sees with this label; an exact label wins over one that contains it. */
export function buttonNamed(
  state: SandboxState,
  person: SandboxPerson,
  label: string,
): { message: SandboxMessage; key: string } | undefined {
  const matches = [(text: string) => text.trim() === label, (text: string) => text.includes(label)]
  for (const match of matches) {
    for (const message of onPhone(state, person)) {
      const button = liveButtons(message, person.userId).find(each => match(each.text))
      if (button) return { message, key: button.key }
    }
  }
  return undefined
}

/** Message id → how it looked, to tell later what is new or repainted. */
type Mark = Map<string, string>

const looks = (message: SandboxMessage): string => `${message.changedAt ?? ''}|${message.recalled ?? ''}`
const markOf = (state: SandboxState): Mark => new Map(state.messages.map(message => [message.id, looks(message)]))

/** The message that keeps a promise, if it has come since `mark`. */
export function kept(state: SandboxState, promised: Promised, mark: Mark): SandboxMessage | undefined {
  const person = personNamed(state, promised.on)
  if (promised.button !== undefined) {
    const found = buttonNamed(state, person, promised.button)
    return found && mark.get(found.message.id) !== looks(found.message) ? found.message : undefined
  }
  return onPhone(state, person, promised.in).find(
    message =>
      message.from.kind !== 'person' &&
      mark.get(message.id) !== looks(message) &&
      (promised.words?.test(wordsOf(message, person.userId)) ?? true),
  )
}

async function until<T>(
  stage: Stage,
  look: (state: SandboxState) => T | undefined,
  ms: number,
): Promise<T | undefined> {
  const end = stage.elapsed() + ms
  for (;;) {
    const state = stage.state()
    const found = state && look(state)
    if (found !== undefined) return found
    const left = end - stage.elapsed()
    if (left <= 0) return undefined
    await stage.changed(Math.min(left, 1_000))
  }
}

/** A group is looked at on its own screen, anything else on the person's phone. */
function focusChat(stage: Stage, state: SandboxState, person: SandboxPerson, chat: string): void {
  const kind = state.chats.find(each => each.id === chat)?.kind
  stage.focus(kind === 'group' ? GROUP_SEAT : person.userId, chat, person.userId)
}

async function act(
  stage: Stage,
  state: SandboxState,
  step: Step,
  comes: (ms: number) => Promise<unknown>,
): Promise<void> {
  const { deed } = step
  const who = personNamed(state, step.who)
  if ('say' in deed || 'photo' in deed) {
    const chat = chatIn(state, who, deed.in)
    focusChat(stage, state, who, chat)
    if ('photo' in deed) {
      await stage.rest(LOOK_MS)
      await stage.samplePhoto(who.userId, chat)
      return
    }
    stage.hint({ typing: { chat, as: who.userId, text: deed.say } })
    await stage.rest(LOOK_MS + deed.say.length * 20)
    stage.hint(undefined)
    await stage.say({ as: who.userId, chat, text: deed.say, ...(deed.at ? { at: true } : {}) })
  } else if ('tap' in deed) {
    const found = await until(stage, now => buttonNamed(now, who, deed.tap), PATIENCE_MS)
    if (!found) throw new Stuck(`${who.name}的手机上没有等到「${deed.tap}」按钮。`)
    focusChat(stage, state, who, found.message.chat)
    stage.hint({ pressing: { message: found.message.id, key: found.key } })
    await stage.rest(LOOK_MS)
    stage.hint(undefined)
    await stage.tap({ as: who.userId, message: found.message.id, key: found.key })
  } else if ('clock' in deed) {
    await stage.clock({ to: new Date(nextMorning(Date.parse(state.now))).toISOString() })
  } else if ('creep' in deed) {
    for (let moved = 0; moved < deed.creep.most; moved++) {
      await stage.clock({ forwardMs: deed.creep.stepMs })
      if (await comes(1_500)) return
      await stage.gate()
    }
  }
}

async function playStep(
  stage: Stage,
  step: Step,
  before: Mark,
  caption: (mood: Caption['mood'], why?: string) => void,
): Promise<void> {
  const state = stage.state()
  if (!state) throw new Stuck('还没有连上沙盘，等连上了再演。')
  caption('acting')
  const comes = (ms: number) => until(stage, now => kept(now, step.promised, before), ms)
  await act(stage, state, step, comes)
  caption('waiting')
  const message = await comes(PATIENCE_MS)
  const now = stage.state() ?? state
  if (!message && step.otherwise === undefined) {
    const what = step.promised.button ? `带「${step.promised.button}」的卡片` : '派工的消息'
    throw new Stuck(
      `等了 ${PATIENCE_MS / 1000} 秒，${step.promised.on}的手机上没有出现${what}。打开右上角的日志看看哪一步没有回应。`,
    )
  }
  const person = personNamed(now, step.promised.on)
  focusChat(stage, now, person, message?.chat ?? chatIn(now, person, step.promised.in ?? 'app'))
  caption('seen', message ? undefined : step.otherwise)
}

/** Nobody works at night: outside 8–18 o'clock the story begins at nine. */
async function openShop(stage: Stage): Promise<void> {
  const state = stage.state()
  if (!state) throw new Stuck('还没有连上沙盘，等连上了再演。')
  const now = Date.parse(state.now)
  if (hourOf(now) < 8 || hourOf(now) >= 18) await stage.clock({ to: new Date(nextHour(now, 9)).toISOString() })
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * Plays all steps. A failed step ends the story with its reason in the caption; `Stopped` ends it silently.
 * @returns how it ended
 */
export async function play(steps: Step[], stage: Stage): Promise<'finished' | 'stopped' | 'failed'> {
  let n = 0
  let title = '准备'
  const of = steps.length
  try {
    await openShop(stage)
    let mark: Mark = new Map()
    for (const step of steps) {
      n++
      title = step.title
      await stage.gate()
      const state = stage.state()
      // What a watching step waits for may have come while the step before it was still waiting for its own.
      if (state && !('watch' in step.deed)) mark = markOf(state)
      await playStep(stage, step, mark, (mood, why) => stage.caption({ n, of, title, why: why ?? step.why, mood }))
      await stage.rest(READ_MS)
    }
    stage.caption({
      n: of,
      of,
      title: '一天走完了',
      why: '现在换你来：在哪台手机上都可以接着说、接着点。',
      mood: 'finished',
    })
    return 'finished'
  } catch (error) {
    if (error instanceof Stopped) return 'stopped'
    stage.caption({ n: Math.max(n, 1), of, title: `停在「${title}」`, why: reason(error), mood: 'failed' })
    return 'failed'
  } finally {
    stage.hint(undefined)
  }
}
