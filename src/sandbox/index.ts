import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { Invalid } from '../errors.ts'
import { Acts } from './acts.ts'
import { PageApi } from './api.ts'
import { Events } from './events.ts'
import { type Fault, Faults } from './faults.ts'
import { send } from './http.ts'
import { InFlight } from './inflight.ts'
import { Journal } from './journal.ts'
import { Keeper, readKept } from './keep.ts'
import { Shelf } from './media.ts'
import { defaultTiming, type SandboxOptions, type WecomCredentials } from './options.ts'
import { Page } from './page.ts'
import { Phones } from './phones.ts'
import { chatsOf, demoSeed, makeCredentials } from './seed.ts'
import { fromWritten, toWritten } from './wecom/kept.ts'
import { Wecom } from './wecom/wecom.ts'
import type { SandboxActions, SandboxLogEntry, SandboxMessage, SandboxState } from './wire.ts'
import { type Written, writtenShape } from './written.ts'

export type { Done } from './acts.ts'
export type { Fault } from './faults.ts'
export type { Log, Outcome, SandboxGroup, SandboxOptions, SandboxSeed, Timing, WecomCredentials } from './options.ts'
export { demoSeed } from './seed.ts'

/** A simulated WeCom with phones. The acts resolve when the service answered, or could not. */
export interface Sandbox extends Pick<Acts, 'say' | 'tap' | 'photo' | 'location' | 'read' | 'enter'> {
  readonly credentials: WecomCredentials
  /** True when the path is below `/sandbox` and was taken. */
  handle(req: IncomingMessage, res: ServerResponse): boolean
  /** True when it was the bot's socket (`/sandbox/wecom/ws`). */
  upgrade(req: IncomingMessage, socket: Duplex, head: Buffer): boolean
  state(): SandboxState
  /** Makes something fail on the platform's side, until the returned function is called. */
  fail(fault: Fault): () => void
  /** Invalidates all access tokens early, as the platform may. */
  expireTokens(): void
  /** The URL check the admin console makes (GET with echostr). */
  verifyCallback(): Promise<boolean>
  /** Every new message on a phone. Returns how to stop. */
  onMessage(listener: (message: SandboxMessage) => void): () => void
  /** Any change of what the phones show. Returns how to stop. */
  onChange(listener: () => void): () => void
  moveClock(how: SandboxActions['clock']): Promise<void>
  /** Resolves when no callback, retry, API call or awaited bot answer is under way. */
  idle(): Promise<void>
  log(): SandboxLogEntry[]
  close(): Promise<void>
}

function keptBy(options: SandboxOptions): Written | undefined {
  const read = readKept(options.dataFile, options.log)
  if (read === undefined) return undefined
  const parsed = writtenShape.safeParse(read)
  if (!parsed.success) options.log.warn({ file: options.dataFile }, 'sandbox data is of another version; starting anew')
  return parsed.success ? parsed.data : undefined
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const { clock, log, baseUrl, callbackUrl } = options
  const kept = keptBy(options)
  const seed = options.seed ?? demoSeed
  const credentials = makeCredentials({ ...kept?.credentials, ...options.credentials })
  if (kept && kept.ahead > clock.offset) clock.offset = kept.ahead
  const phones = new Phones(
    clock,
    kept?.phones ?? { people: seed.people, chats: chatsOf(seed, credentials), messages: [] },
  )
  const media = new Shelf(options.dataFile && `${options.dataFile}.media`, kept?.media ?? [])
  const journal = new Journal(clock)
  const inFlight = new InFlight()
  const closing = new AbortController()
  const faults = new Faults(closing.signal)
  const memory = fromWritten(kept?.wecom)
  for (const group of seed.groups) if (group.spoken) memory.heard.add(group.id)
  const robotGroup = seed.groups[0]?.id ?? ''

  const write = (): Written => ({
    version: 1,
    ahead: clock.offset,
    credentials,
    phones: phones.snapshot(),
    media: media.snapshot(),
    wecom: toWritten(memory),
  })
  const keeper = new Keeper(options.dataFile, write, log)
  const state = (): SandboxState => {
    const { people, chats, messages } = phones.snapshot()
    return { now: clock.now().toISOString(), ahead: clock.offset, people, chats, messages, botOnline: wecom.bot.online }
  }
  const events = new Events(state)
  const changed = () => {
    keeper.changed()
    events.changed()
  }

  const wecom = new Wecom({
    clock,
    log,
    baseUrl,
    callbackUrl,
    timing: { ...defaultTiming, ...options.timing },
    credentials,
    phones,
    media,
    journal,
    faults,
    inFlight,
    kept: memory,
    robotGroup: () => phones.chat(robotGroup),
    changed,
    closing: closing.signal,
  })
  const acts = new Acts(phones, media, clock, wecom.hearing, credentials.botName)
  phones.onChanged(changed)
  journal.onEntry(entry => events.logged(entry))

  async function moveClock(how: SandboxActions['clock']): Promise<void> {
    const ms = 'to' in how ? new Date(how.to).getTime() - clock.now().getTime() : how.forwardMs
    if (!(ms >= 0)) throw new Invalid('the clock is only moved forward')
    clock.forward(ms)
    changed()
    await options.onClockMoved?.()
  }

  const page = new Page(options.pageDir)
  const api = new PageApi({ acts, events, media, log, state, entries: () => journal.items(), moveClock })
  changed()

  return {
    credentials,
    handle(req, res) {
      const url = addressOf(req)
      if (!url) return false
      const path = url.pathname
      if (path !== '/sandbox' && !path.startsWith('/sandbox/')) return false
      if (closing.signal.aborted) {
        send(res, 503, 'text/plain; charset=utf-8', 'closing')
        return true
      }
      return wecom.handle(path, url.searchParams, req, res) || api.handle(path, req, res) || page.handle(path, req, res)
    },
    upgrade: (req, socket, head) => wecom.upgrade(addressOf(req)?.pathname ?? '', req, socket, head),
    state,
    say: act => acts.say(act),
    tap: act => acts.tap(act),
    photo: act => acts.photo(act),
    location: act => acts.location(act),
    read: act => acts.read(act),
    enter: userId => acts.enter(userId),
    fail: fault => faults.add(fault),
    expireTokens: () => wecom.tokens.expireAll(),
    verifyCallback: () => wecom.callbacks.verify(),
    onMessage: listener => phones.onPosted(listener),
    onChange: listener => phones.onChanged(listener),
    moveClock,
    idle: () => inFlight.idle(),
    log: () => journal.items(),
    async close() {
      closing.abort()
      wecom.bot.close()
      events.close()
      await inFlight.idle()
      await keeper.close()
    },
  }
}

function addressOf(req: IncomingMessage): URL | undefined {
  const address = `http://sandbox${req.url ?? '/'}`
  return URL.canParse(address) ? new URL(address) : undefined
}
