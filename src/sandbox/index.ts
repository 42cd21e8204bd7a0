import type { IncomingMessage } from 'node:http'
import { Invalid } from '../errors.ts'
import { WebFiles } from '../webfiles.ts'
import { Acts } from './acts.ts'
import { PageApi } from './api.ts'
import type { Sandbox } from './contract.ts'
import { Events } from './events.ts'
import { send } from './http.ts'
import { Journal } from './journal.ts'
import { Keeper, readKept } from './keep.ts'
import { Shelf } from './media.ts'
import type { SandboxOptions } from './options.ts'
import { Phones } from './phones.ts'
import { Platforms } from './platforms.ts'
import { chatsOf, demoSeed, makeCredentials, makeDingtalkCredentials, peopleOf } from './seed.ts'
import { WecomActs } from './wecom/acts.ts'
import type { SandboxActions, SandboxState } from './wire.ts'
import { type Written, writtenShape } from './written.ts'

export type { Done } from './acts.ts'
export type { DingtalkControls, Sandbox } from './contract.ts'
export type { Fault } from './faults.ts'
export type {
  DingtalkCredentials,
  DingtalkOptions,
  Log,
  Outcome,
  SandboxGroup,
  SandboxOptions,
  SandboxSeed,
  Timing,
  WecomCredentials,
  WecomOptions,
} from './options.ts'
export { demoSeed } from './seed.ts'

function keptBy(options: SandboxOptions): Written | undefined {
  const read = readKept(options.dataFile, options.log)
  if (read === undefined) return undefined
  const parsed = writtenShape.safeParse(read)
  if (!parsed.success) options.log.warn({ file: options.dataFile }, 'sandbox data is of another version; starting anew')
  return parsed.success ? parsed.data : undefined
}

export function createSandbox(options: SandboxOptions): Sandbox {
  const { clock, log } = options
  const kept = keptBy(options)
  const seed = options.seed ?? demoSeed
  const credentials = makeCredentials({ ...kept?.credentials, ...options.credentials })
  const dingtalkCredentials = makeDingtalkCredentials({ ...kept?.dingtalkCredentials, ...options.dingtalkCredentials })
  if (kept && kept.ahead > clock.offset) clock.offset = kept.ahead
  const chats = chatsOf(seed, { ...credentials, robotName: dingtalkCredentials.robotName })
  const phones = new Phones(clock, kept?.phones ?? { people: peopleOf(seed), chats, messages: [] })
  const media = new Shelf(options.dataFile && `${options.dataFile}.media`, kept?.media ?? [])
  const journal = new Journal(clock)

  const write = (): Written => ({
    version: 2,
    ahead: clock.offset,
    credentials,
    dingtalkCredentials,
    phones: phones.snapshot(),
    media: media.snapshot(),
    ...platforms.written(),
  })
  const keeper = new Keeper(options.dataFile, write, log)
  const state = (): SandboxState => {
    const { month, calls, callLimit, pushes, pushLimit } = platforms.meters.now
    return {
      now: clock.now().toISOString(),
      ahead: clock.offset,
      ...phones.snapshot(),
      ...platforms.office.shown(),
      botOnline: wecom.bot.online,
      dingtalkOnline: dingtalk.online,
      dingtalkQuota: { month, calls, callLimit, pushes, pushLimit },
    }
  }
  const events = new Events(state)
  const changed = () => {
    keeper.changed()
    events.changed()
  }

  const parts = { options, seed, clock, phones, media, journal, credentials, dingtalkCredentials, kept, changed }
  const platforms = new Platforms(parts)
  const { wecom, dingtalk } = platforms
  const wecomActs = new WecomActs(phones, wecom.hearing, credentials.botName)
  const onSwitched = options.onSwitched ?? (() => {})
  const acts = new Acts({ phones, media, clock, platforms: { wecom: wecomActs, dingtalk: dingtalk.acts }, onSwitched })
  phones.onChanged(changed)
  journal.onEntry(entry => events.logged(entry))

  async function moveClock(how: SandboxActions['clock']): Promise<void> {
    const ms = 'to' in how ? new Date(how.to).getTime() - clock.now().getTime() : how.forwardMs
    if (!(ms >= 0)) throw new Invalid('the clock is only moved forward')
    clock.forward(ms)
    changed()
    await options.onClockMoved?.()
  }

  const page = new WebFiles('/sandbox', options.pageDir)
  const api = new PageApi({
    acts,
    office: platforms.office,
    events,
    media,
    log,
    state,
    entries: () => journal.items(),
    moveClock,
  })
  changed()

  return {
    credentials,
    dingtalk: {
      credentials: dingtalkCredentials,
      connections: () => dingtalk.gateway.open,
      unacknowledged: () => dingtalk.gateway.unacknowledged,
      disconnect: how => dingtalk.gateway.disconnect(how),
      event: (name, data) => dingtalk.events.push(name, data),
      setQuota: values => platforms.meters.set(values),
      loginCode: userId => dingtalk.login.code(userId),
      verifyEvents: () => dingtalk.events.verify(),
      file: ({ as, name, bytes }) => dingtalk.acts.file(acts.where(as, `ding:${as}`), { name, bytes }),
    },
    handle(req, res) {
      const url = addressOf(req)
      if (!url) return false
      const path = url.pathname
      if (path !== '/sandbox' && !path.startsWith('/sandbox/')) return false
      if (platforms.closed) {
        send(res, 503, 'text/plain; charset=utf-8', 'closing')
        return true
      }
      return (
        wecom.handle(path, url.searchParams, req, res) ||
        dingtalk.handle(path, url.searchParams, req, res) ||
        api.handle(path, req, res) ||
        page.handle(path, req, res)
      )
    },
    upgrade(req, socket, head) {
      const { pathname = '', searchParams = new URLSearchParams() } = addressOf(req) ?? {}
      return wecom.upgrade(pathname, req, socket, head) || dingtalk.upgrade(pathname, searchParams, req, socket, head)
    },
    state,
    say: act => acts.say(act),
    tap: act => acts.tap(act),
    photo: act => acts.photo(act),
    voice: act => acts.voice(act),
    location: act => acts.location(act),
    read: act => acts.read(act),
    switch: act => acts.switch(act),
    approval: act => platforms.office.approval(act),
    punch: act => platforms.office.punch(act),
    editTemplate: change => wecom.approvals.edit(change),
    enter: userId => wecomActs.enter(userId),
    fail: fault => platforms.faults.add(fault),
    expireTokens() {
      wecom.tokens.expireAll()
      dingtalk.tokens.expireAll()
    },
    verifyCallback: () => wecom.callbacks.verify(),
    onMessage: listener => phones.onPosted(listener),
    onChange: listener => phones.onChanged(listener),
    moveClock,
    idle: () => platforms.inFlight.idle(),
    log: () => journal.items(),
    exchanges: () => journal.count,
    async close() {
      events.close()
      await platforms.close()
      await keeper.close()
    },
  }
}

function addressOf(req: IncomingMessage): URL | undefined {
  const address = `http://sandbox${req.url ?? '/'}`
  return URL.canParse(address) ? new URL(address) : undefined
}
