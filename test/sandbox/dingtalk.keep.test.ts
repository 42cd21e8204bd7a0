import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MovableClock } from '../../src/now.ts'
import { type DingWorld, group, makeDingWorld, publicCard, robotTopic } from './dingworld.ts'

let dir: string
let world: DingWorld
const both = '/v1.0/card/instances/createAndDeliver'

const start = async () => {
  world = await makeDingWorld({ dataFile: join(dir, 'sandbox.json'), clock: new MovableClock() })
}
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sandbox-ding-'))
  await start()
})
afterEach(async () => {
  await world.stop()
  await rm(dir, { recursive: true })
})

it('keeps cards, keys, meters, credentials and who uses what over a restart', async () => {
  const { credentials } = world.sandbox.dingtalk
  await world.ding('POST', both, publicCard(world, 'wo-1'))
  const client = await world.connect()
  client.react(() => ({ data: { response: { cardData: { cardParamMap: { title: '已接单' } } } } }))
  await world.sandbox.tap({ as: 'lisi', message: world.last(group).id, key: 'accept' })
  const route = { callbackRouteKey: 'dispatch', callbackUrl: 'http://app.example/card', apiSecret: 's3cret' }
  await world.ding('POST', '/v1.0/card/callbacks/register', route)
  const sent = await world.ding('POST', '/v1.0/robot/groupMessages/send', {
    ...{
      robotCode: credentials.robotCode,
      openConversationId: group,
      msgKey: 'sampleText',
      msgParam: '{"content":"好"}',
    },
  })
  await world.sandbox.switch({ as: 'lisi', platform: 'dingtalk' })
  world.sandbox.dingtalk.setQuota({ pushLimit: 9 })
  const { now: _now, ...before } = world.sandbox.state()
  await world.stop()
  await start()

  expect(world.sandbox.dingtalk.credentials).toEqual(credentials)
  const { now: _later, ...after } = world.sandbox.state()
  expect(after).toEqual({ ...before, dingtalkOnline: false })
  expect(after.dingtalkQuota).toMatchObject({ calls: 3, pushLimit: 9 })
  expect(after.people.find(person => person.userId === 'lisi')?.uses).toBe('dingtalk')
  expect(await world.ding('POST', both, publicCard(world, 'wo-1'))).toMatchObject({
    body: { code: 'param.cardAlreadyExist' },
  })
  const again = await world.ding('POST', '/v1.0/card/callbacks/register', route)
  expect(again.body).toMatchObject({ code: 'param.callbackRouteKeyExist' })
  const card = world.messages(group)[0]?.id ?? ''
  expect([world.dingCard(card, 'lisi').title, world.dingCard(card).title]).toEqual(['已接单', '派工单 1024'])
  const recall = {
    robotCode: credentials.robotCode,
    openConversationId: group,
    processQueryKeys: [sent.body.processQueryKey],
  }
  expect(await world.ding('POST', '/v1.0/robot/groupMessages/recall', recall)).toMatchObject({ status: 200 })
})

it('forgets tokens, tickets and sessions', async () => {
  const token = await world.token()
  const client = await world.connect()
  await world.sandbox.say({ as: 'lisi', chat: 'ding:lisi', text: '在吗' })
  const { sessionWebhook } = client.heard(robotTopic)[0] ?? {}
  const session = new URL(String(sessionWebhook)).searchParams.get('session') ?? ''
  await world.stop()
  await start()
  expect(await world.old('/topapi/v2/user/get', {}, { access_token: token })).toMatchObject({ errcode: 40014 })
  const answer = { msgtype: 'text', text: { content: '在' } }
  expect(await world.old('/robot/sendBySession', answer, { session })).toMatchObject({ errcode: 300001 })
})
