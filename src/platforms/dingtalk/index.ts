import { Permanent } from '../../errors.ts'
import type { Platform, Receive, Recipient, Route } from '../platform.ts'
import { Api } from './api.ts'
import { LeaveApprovals } from './approvals.ts'
import { CheckResults } from './attendance.ts'
import { Cards } from './cards.ts'
import { Client } from './client.ts'
import { cardRouteKey, checkConfig, type DingtalkConfig, type DingtalkDeps } from './config.ts'
import { Ears } from './hear.ts'
import { httpRoutes } from './http.ts'
import { LeaveProcess } from './leaveprocess.ts'
import { Links } from './links.ts'
import { createLogin } from './login.ts'
import { fetchMedia } from './media.ts'
import { Meter } from './meter.ts'
import { Pacer } from './pacer.ts'
import { Registration } from './registration.ts'
import { Robot, webhookLimits } from './robot.ts'
import { Sessions } from './sessions.ts'
import { Speaker } from './speak.ts'
import { streamOf } from './streaming.ts'
import { tapRoute } from './tappage.ts'

export type { DingtalkConfig, DingtalkDeps } from './config.ts'
export { defaultApiBase, defaultOapiBase } from './config.ts'

/** DingTalk (钉钉): an internal app's robot and its cards, over Stream or HTTP. Throws `Invalid` when half-configured. */
export function createDingtalk(given: DingtalkConfig, deps: DingtalkDeps): Platform {
  const config = { ...given, apiBase: bare(given.apiBase), oapiBase: bare(given.oapiBase) }
  const doors = checkConfig(config)
  const { corpId, clientId, clientSecrets, robotCode, receive: way, publicUrl, oapiBase } = config
  const { clock, timers, signals, log, tokens: store, meters } = deps
  const meter = new Meter(config.quota, { meters, clock, log })
  const home = [config.apiBase, oapiBase].map(base => new URL(base).host)
  const client = new Client({ clock, signals, log, meter, pacer: new Pacer(timers), home, exchange: deps.exchange })
  const api = new Api(config, { client, store, clock, log })
  const sessions = new Sessions(clientId, oapiBase, { store, clock, log })
  const robot = new Robot({ api, client, sessions, robotCode, oapiBase, clock, store })
  const cardless = config.cardTemplate === 'none'
  const cards = new Cards({
    ...{ api, robotCode, clock, callback: way.mode === 'http' ? 'HTTP' : 'STREAM' },
    ownTemplate: cardless ? undefined : config.cardTemplate,
  })
  const links = publicUrl ? new Links(clientSecrets[0] ?? '', new URL('/dingtalk/tap', publicUrl).href) : undefined
  const speaker = new Speaker({ robot, cards, sessions, meter, clock, links, cardless })
  const registration =
    way.mode === 'http' && publicUrl && !cardless
      ? new Registration({
          ...{ api, timers, clock, log, routeKey: cardRouteKey, secret: doors.cardSecrets[0] ?? '' },
          url: new URL('/dingtalk/card', publicUrl).href,
        })
      : undefined
  const shared = { store, clock, log }
  const leave = config.leaveProcess ? new LeaveProcess(config.leaveProcess, api, shared, clientId) : undefined
  const approvals = leave && new LeaveApprovals(leave, api, shared, clientId)
  let ears: Ears | undefined
  let stream: ReturnType<typeof streamOf> | undefined

  function hearing(receive: Receive): Ears {
    ears ??= new Ears(
      {
        ...{ corpId, robot, cards, sessions, meter, clock, signals, log },
        ...{ storeWithinMs: deps.storeWithinMs ?? 2_300, answerWithinMs: deps.answerWithinMs ?? 1_700 },
        leaveProcess: async () => (await leave?.known()) ?? null,
      },
      receive,
    )
    return ears
  }

  return {
    name: 'dingtalk',
    corpId,
    can: {
      ...{ buttons: !cardless, repaint: cardless ? 'never' : 'always', answerShows: 'tapper', mention: true },
      ...{ hearsGroup: true, quotes: true, locations: false, recall: false },
    },
    routes(receive: Receive): Route[] {
      const heard = hearing(receive)
      const http = way.mode === 'http'
      return [
        ...(http
          ? httpRoutes(
              { clientSecrets, clientId, cardSecrets: doors.cardSecrets, events: doors.events, clock, signals, log },
              heard,
            )
          : []),
        ...(links ? [tapRoute({ corpId, links, clock, signals, log }, receive)] : []),
      ]
    },
    async open(receive: Receive) {
      const heard = hearing(receive)
      registration?.open()
      if (way.mode === 'stream')
        stream = streamOf(
          { ...config, events: way.events },
          { clock: deps.machine, timers, log, signals, ears: heard, client },
        )
      return async () => {
        registration?.close()
        await stream?.close()
        await heard.idle()
      }
    },
    send: delivery => speaker.send(delivery),
    fetchMedia: ref => fetchMedia(ref, { api, client, robotCode }),
    async findByMobile(mobile) {
      if (!/^1\d{10}$/.test(mobile)) return null
      const call = { api: 'contacts/getbymobile', path: '/topapi/v2/user/getbymobile', body: { mobile }, free: true }
      try {
        const { result } = await api.old(call)
        const userId = typeof result === 'object' && result !== null && 'userid' in result ? result.userid : null
        return typeof userId === 'string' && userId !== '' ? userId : null
      } catch (error) {
        if (error instanceof Permanent && error.code === 'no-such-user') return null
        throw error
      }
    },
    limits: (to: Recipient) => (to.kind === 'group' && to.via === 'webhook' ? webhookLimits : []),
    quotas: () => meter.quotas(),
    thrift: to => speaker.thrift(to),
    ...(config.login && { login: createLogin(config, { api, client }) }),
    ...(approvals && { approvals }),
    ...(config.checkin && { attendance: new CheckResults(api) }),
    problems: () => [
      ...client.gates.problems(),
      ...speaker.problems(),
      ...(approvals?.problems() ?? []),
      ...(stream?.problems() ?? []),
      ...(registration?.problems() ?? []),
    ],
    idle: async () => ears?.idle(),
  }
}

const bare = (base: string): string => base.replace(/\/+$/, '')
