import { WebSocket } from 'ws'
import type { SandboxOptions } from '../../src/sandbox/index.ts'
import type { SandboxDingCard, SandboxMessage } from '../../src/sandbox/wire.ts'
import { makeWorld, type World } from './world.ts'

export const group = 'cidSANDBOXGROUP01=='
export const robotTopic = '/v1.0/im/bot/messages/get'
export const cardTopic = '/v1.0/card/instances/callback'
export const markdownButton = '1366a1eb-bc54-4859-ac88-517c56a9acb1.schema'

type Fields = Record<string, unknown>

export interface Answered {
  status: number
  body: Fields
}

export interface Frame {
  type: string
  headers: Record<string, string> & { topic: string; messageId: string }
  data: Fields
}

/** What a client makes of a frame: data for its acknowledgement, another code, or silence. */
export type Reaction = (frame: Frame) => { code?: number; data?: unknown } | undefined

export interface Client {
  socket: WebSocket
  frames: Frame[]
  /** Frames of a topic, parsed. */
  heard: (topic?: string) => Fields[]
  react: (how: Reaction) => void
  ended: Promise<void>
}

export const subscribed = [
  { type: 'EVENT', topic: '*' },
  { type: 'CALLBACK', topic: robotTopic },
  { type: 'CALLBACK', topic: cardTopic },
]

/** A world seen from DingTalk's side. */
export interface DingWorld extends World {
  token: () => Promise<string>
  /** The new host; with the app's token unless headers are given. */
  ding: (method: string, path: string, json?: unknown, headers?: Record<string, string>) => Promise<Answered>
  /** The old host; with the app's token unless a query is given. */
  old: (path: string, json?: unknown, query?: Record<string, string>, method?: string) => Promise<Fields>
  ticket: (more?: Fields) => Promise<string>
  connect: (topics?: Array<{ type: string; topic: string }>) => Promise<Client>
  dingCard: (message: string, viewer?: string) => SandboxDingCard
  last: (chat: string) => SandboxMessage
}

export async function makeDingWorld(options: Partial<SandboxOptions> = {}): Promise<DingWorld> {
  const world = await makeWorld(options)
  const { clientId, clientSecret } = world.sandbox.dingtalk.credentials
  const clients: Client[] = []
  const at = (path: string) => `${world.base}/sandbox/dingtalk${path}`

  async function ding(method: string, path: string, json?: unknown, headers?: Record<string, string>) {
    const authorized = headers ?? { 'x-acs-dingtalk-access-token': await token() }
    const init = json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }
    const given = { 'content-type': 'application/json', accept: 'application/json', ...authorized }
    const response = await fetch(at(`/api${path}`), { method, headers: given, ...init })
    return { status: response.status, body: (await response.json()) as Fields }
  }

  async function token(): Promise<string> {
    const keys = { appKey: clientId, appSecret: clientSecret }
    return String((await ding('POST', '/v1.0/oauth2/accessToken', keys, {})).body.accessToken)
  }

  async function ticket(more: Fields = {}): Promise<string> {
    const given = { clientId, clientSecret, subscriptions: subscribed, ...more }
    return String((await ding('POST', '/v1.0/gateway/connections/open', given, {})).body.ticket)
  }

  async function connect(topics = subscribed): Promise<Client> {
    const url = `${at('/connect').replace('http', 'ws')}?ticket=${await ticket({ subscriptions: topics })}`
    const socket = new WebSocket(url)
    const client = listening(socket)
    clients.push(client)
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
    return client
  }

  return {
    ...world,
    token,
    ding,
    ticket,
    connect,
    old: async (path, json, query, method = 'POST') => {
      const search = new URLSearchParams(query ?? { access_token: await token() })
      const init = json === undefined ? {} : { body: typeof json === 'string' ? json : JSON.stringify(json) }
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${at(`/oapi${path}`)}?${search}`, { method, headers, ...init })
      return (await response.json()) as Fields
    },
    dingCard: (id, viewer = '') => {
      const body = world.sandbox.state().messages.find(message => message.id === id)?.body
      if (body?.kind !== 'dingcard') throw new Error(`${id} is no card of DingTalk`)
      return body.forViewer[viewer] ?? body.card
    },
    last: chat => {
      const found = world.messages(chat).at(-1)
      if (!found) throw new Error(`nothing in ${chat}`)
      return found
    },
    stop: async () => {
      for (const { socket } of clients) socket.terminate()
      await world.stop()
    },
  }
}

function listening(socket: WebSocket): Client {
  const frames: Frame[] = []
  let reaction: Reaction = () => ({})
  socket.on('message', text => {
    const raw = JSON.parse(String(text)) as Omit<Frame, 'data'> & { data: string }
    const frame = { ...raw, data: JSON.parse(raw.data) as Fields }
    frames.push(frame)
    if (raw.type === 'SYSTEM' && frame.headers.topic !== 'ping') return
    const made = reaction(frame)
    if (!made) return
    const usual = raw.type === 'EVENT' ? { status: 'SUCCESS', message: 'ok' } : { response: null }
    const data = raw.type === 'SYSTEM' ? raw.data : JSON.stringify(made.data ?? usual)
    const headers = { messageId: frame.headers.messageId, contentType: 'application/json' }
    socket.send(JSON.stringify({ code: made.code ?? 200, headers, message: 'OK', data }))
  })
  return {
    socket,
    frames,
    heard: topic => frames.filter(({ headers }) => !topic || headers.topic === topic).map(({ data }) => data),
    react: how => {
      reaction = how
    },
    ended: new Promise(resolve => socket.once('close', () => resolve())),
  }
}

/** A dispatch card of the public template, for a group. */
export const publicCard = (world: DingWorld, outTrackId: string, more: Fields = {}) => ({
  cardTemplateId: markdownButton,
  outTrackId,
  callbackType: 'STREAM',
  userIdType: 1,
  cardData: {
    cardParamMap: {
      title: '派工单 1024',
      markdown: '**客户** 李女士',
      tips: '请在 10:30 前接单',
      sys_full_json_obj: JSON.stringify({
        msgButtons: [
          { text: '接单', color: 'blue', id: 'accept', request: true, params: { action: 'accept', order: '1024' } },
          { text: '导航', color: 'gray', url: 'https://maps.example/1024' },
        ],
      }),
    },
  },
  openSpaceId: `dtv1.card//IM_GROUP.${group}`,
  imGroupOpenSpaceModel: { supportForward: false },
  imGroupOpenDeliverModel: { robotCode: world.sandbox.dingtalk.credentials.robotCode },
  ...more,
})

/** A card of the app's own template, for somebody's chat with the robot. */
export const ownCard = (world: DingWorld, outTrackId: string, userId: string, more: Record<string, string> = {}) => ({
  cardTemplateId: world.sandbox.dingtalk.credentials.cardTemplateId,
  outTrackId,
  callbackType: 'STREAM',
  cardData: {
    cardParamMap: {
      ...{ title: '派工单 1024', tag: '一班', figure: '10:30', markdown: '空调不制冷', tips: '请接单' },
      ...{ btn1: '接单', act1: 'accept:1024:1', look1: 'blue', btn2: '拒单', act2: 'refuse:1024:1', btn3: '' },
      ...more,
    },
  },
  openSpaceId: `dtv1.card//IM_ROBOT.${userId}`,
  imRobotOpenSpaceModel: { supportForward: false },
  imRobotOpenDeliverModel: { spaceType: 'IM_ROBOT', robotCode: world.sandbox.dingtalk.credentials.robotCode },
})
