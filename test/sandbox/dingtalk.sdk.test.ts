import axios from 'axios'
import { DWClient, type DWClientDownStream, TOPIC_CARD, TOPIC_ROBOT } from 'dingtalk-stream'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type DingWorld, group, makeDingWorld, publicCard } from './dingworld.ts'

let world: DingWorld
let client: DWClient
let redirect: number

beforeEach(async () => {
  world = await makeDingWorld()
  // The address of the gateway is written into the SDK; everything else about it is as published.
  redirect = axios.interceptors.request.use(config => ({
    ...config,
    url: config.url?.replace('https://api.dingtalk.com', `${world.base}/sandbox/dingtalk/api`) ?? '',
  }))
  vi.spyOn(console, 'info').mockImplementation(() => {})
  const { clientId, clientSecret } = world.sandbox.dingtalk.credentials
  // Its default list of subscriptions is shared by all clients of a process: this one has its own.
  client = new DWClient({
    clientId,
    clientSecret,
    keepAlive: false,
    ...{ subscriptions: [{ type: 'EVENT', topic: '*' }] },
  })
})
afterEach(async () => {
  client.disconnect()
  await vi.waitFor(() => expect(world.sandbox.dingtalk.connections()).toBe(0))
  axios.interceptors.request.eject(redirect)
  await world.stop()
})

it('the published SDK hears the robot and answers a tap', async () => {
  const heard: string[] = []
  client.registerCallbackListener(TOPIC_ROBOT, (message: DWClientDownStream) => {
    heard.push(JSON.parse(message.data).text.content)
    client.socketCallBackResponse(message.headers.messageId, null)
  })
  client.registerCallbackListener(TOPIC_CARD, (message: DWClientDownStream) => {
    const { content } = JSON.parse(message.data)
    const { action } = JSON.parse(content).cardPrivateData.params
    const cardData = { cardParamMap: { tips: `你按了 ${action}` } }
    client.socketCallBackResponse(message.headers.messageId, {
      cardUpdateOptions: { updateCardDataByKey: true },
      cardData,
    })
  })
  await client.connect()
  expect(world.sandbox.dingtalk.connections()).toBe(1)

  expect(await world.sandbox.say({ as: 'lisi', chat: group, text: '接单 1024', at: true })).toMatchObject({
    status: 'empty',
  })
  expect(heard).toEqual([' 接单 1024'])

  await world.ding('POST', '/v1.0/card/instances/createAndDeliver', publicCard(world, 'wo-1'))
  const { id } = world.last(group)
  expect(await world.sandbox.tap({ as: 'lisi', message: id, key: 'accept' })).toEqual({ status: 'answered' })
  expect([world.dingCard(id, 'lisi').tips, world.dingCard(id, 'zhangsan').tips]).toEqual([
    '你按了 accept',
    '请在 10:30 前接单',
  ])

  expect(await world.sandbox.dingtalk.event('user_leave_org', { userId: ['Dd7003li'] })).toBe('empty')
})
