import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sealEnvelope } from '../../src/platforms/envelope.ts'
import { eachStory, givenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'
import { nastyJson, nastyText } from './nasty.ts'

/**
 * What comes through the platforms' doors with a right signature, and is not what they send: from a member's words that
 * mean something to shapes nobody ever saw. `npm run fuzz -- 100000` sends more.
 */
const numRuns = Number(process.env.FUZZ_INPUTS ?? 30)

/** Sentences the chat understands, with something else in their holes. */
const sentence = (code: string): fc.Arbitrary<string> =>
  fc.oneof(
    nastyText,
    fc
      .tuple(
        fc.constantFrom(
          '接单',
          '已联系',
          '到达',
          '完工',
          '挂起',
          '改约',
          '派单',
          '改派',
          '取消',
          '请假',
          '绑定',
          '月结',
          '申诉',
        ),
        fc.constantFrom(code, '', '1', '张三', '明天下午3点', '假1'),
        nastyText,
      )
      .map(words => words.join(' ')),
  )

const xmlText = (text: string) => `<![CDATA[${text.replaceAll(']]>', '')}]]>`

/** Fields of a callback, each now and then missing, twice, nested, or an entity. */
const callback = (corpId: string, agentId: number, code: string, at: number): fc.Arbitrary<string> => {
  const fields: Record<string, fc.Arbitrary<string>> = {
    ToUserName: fc.constant(corpId),
    FromUserName: fc.constantFrom('zhangsan', 'lisi', 'zhaopaigong', 'wangjingli', 'nobody'),
    CreateTime: fc.oneof({ arbitrary: fc.constant(String(at)), weight: 6 }, nastyText),
    MsgType: fc.constantFrom('text', 'text', 'text', 'image', 'voice', 'location', 'event', 'link', 'x'),
    MsgId: fc.integer({ min: 1 }).map(String),
    AgentID: fc.constant(String(agentId)),
    Content: sentence(code),
    Event: fc.constantFrom('template_card_event', 'enter_agent', 'change_contact', 'sys_approval_change', 'LOCATION'),
    EventKey: nastyText,
    TaskId: nastyText,
    ResponseCode: nastyText,
    MediaId: nastyText,
    Location_X: nastyText,
    Location_Y: nastyText,
    ApprovalInfo: nastyText,
  }
  const names = Object.keys(fields)
  return fc.record(fields, { requiredKeys: names.slice(0, 6) }).chain(given =>
    fc
      .tuple(
        fc.constantFrom('', '<?xml version="1.0"?>', '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'),
        fc.constantFrom('', '<b>&b;</b>', '<a>'.repeat(3_000), '<SelectedItems><SelectedItem/></SelectedItems>'),
      )
      .map(([head, tail]) => {
        const inner = Object.entries(given).map(([name, value]) => `<${name}>${xmlText(value ?? '')}</${name}>`)
        return `${head}<xml>${inner.join('')}${tail}</xml>`
      }),
  )
}

const robotMessage = (corpId: string, code: string, at: number): fc.Arbitrary<unknown> =>
  fc.oneof(
    { arbitrary: nastyJson, weight: 1 },
    {
      weight: 6,
      arbitrary: fc.record(
        {
          msgId: fc.uuid(),
          msgtype: fc.constantFrom('text', 'text', 'text', 'picture', 'richText', 'audio', 'file', 'x'),
          conversationType: fc.constantFrom('1', '2', '3'),
          conversationId: fc.oneof(fc.constant('cid-x'), nastyText),
          senderStaffId: fc.constantFrom('Dd7002zhang', 'Dd7003li', 'Dd7001zhao', 'Dd7004wang', 'nobody'),
          senderCorpId: fc.constant(corpId),
          createAt: fc.constant(at),
          sessionWebhook: fc.constantFrom(
            'https://oapi.dingtalk.com/robot/sendBySession?session=x',
            'http://127.0.0.1/',
          ),
          sessionWebhookExpiredTime: fc.oneof(fc.constant(at + 60_000), nastyJson),
          text: fc.oneof(
            fc.record(
              { content: sentence(code), isReplyMsg: fc.boolean(), repliedMsg: nastyJson },
              { requiredKeys: ['content'] },
            ),
            nastyJson,
          ),
          content: nastyJson,
          originalProcessQueryKey: nastyText,
        },
        { requiredKeys: ['msgId', 'msgtype', 'conversationType', 'conversationId', 'senderStaffId', 'text'] },
      ),
    },
  )

const send = async (world: World, path: string, headers: Record<string, string>, body: string): Promise<number> => {
  const begun = performance.now()
  const answer = await fetch(`${world.url}${path}`, { method: 'POST', headers, body })
  await answer.arrayBuffer()
  expect(performance.now() - begun).toBeLessThan(10_000)
  return answer.status
}

/** After all of it the service still does what it is told. */
async function stillWorks(world: World): Promise<void> {
  await world.settle()
  world.ignore()
  expect(world.log.errors).toEqual([])
  const code = await givenOrder(world)
  await world.zhang.says(`接单 ${code}`)
  world.zhang.sees(`✅ ${code} 已接单`)
  world.ignore()
}

describe('frames with a right signature', () => {
  describe('of WeCom', () => {
    const story = eachStory()
    it('break nothing, whatever is in them', { timeout: 3_600_000 }, async () => {
      const { world } = story
      const code = await givenOrder(world)
      const { corpId, agentId, token, aesKey } = world.sandbox.credentials
      const at = world.clock.now()
      const seconds = Math.floor(at.getTime() / 1_000)
      await fc.assert(
        fc.asyncProperty(callback(corpId, agentId, code, seconds), async xml => {
          const { encrypt, signature, timestamp, nonce } = sealEnvelope(
            { token, aesKey },
            corpId,
            xml,
            world.clock.now(),
          )
          const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce })
          const body = `<xml><ToUserName>${xmlText(corpId)}</ToUserName><Encrypt>${xmlText(encrypt)}</Encrypt></xml>`
          expect([200, 400, 401, 403]).toContain(await send(world, `/wecom/callback?${query}`, {}, body))
        }),
        { numRuns, endOnFailure: true },
      )
      await stillWorks(world)
    })
  })

  describe('of DingTalk', () => {
    const story = eachStory({ on: 'dingtalk-http' })
    const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('base64')

    it('a sentence that was cut in the middle of an emoji is heard like any other', async () => {
      const { world } = story
      const code = await givenOrder(world)
      const { corpId, clientSecret } = world.sandbox.dingtalk.credentials
      const timestamp = String(world.clock.now().getTime())
      const headers = { timestamp, sign: hmac(clientSecret, `${timestamp}\n${clientSecret}`) }
      const text = { content: `接单 ${code}`, repliedMsg: { content: { text: `派工单 ${code} \ud83d\u0000` } } }
      const message = {
        ...{
          msgId: 'cut',
          msgtype: 'text',
          conversationType: '1',
          conversationId: 'cid-x',
          createAt: Number(timestamp),
        },
        ...{ senderStaffId: 'Dd7002zhang', senderCorpId: corpId, text: { ...text, isReplyMsg: true } },
      }
      expect(await send(world, '/dingtalk/robot', headers, JSON.stringify(message))).toBe(200)
      await world.settle()
      const { body } = await world.api<{ state: string }>('GET', `/orders/${code}`)
      expect(body.state).toBe('accepted')
      world.ignore()
    })

    it('break nothing, whatever is in them', { timeout: 3_600_000 }, async () => {
      const { world } = story
      const code = await givenOrder(world)
      const { corpId, clientId, clientSecret, eventToken, eventAesKey } = world.sandbox.dingtalk.credentials
      const timestamp = String(world.clock.now().getTime())
      const robot = { timestamp, sign: hmac(clientSecret, `${timestamp}\n${clientSecret}`) }
      await fc.assert(
        fc.asyncProperty(robotMessage(corpId, code, Number(timestamp)), async message => {
          const headers = { ...robot, 'Content-Type': 'application/json' }
          expect([200, 400]).toContain(await send(world, '/dingtalk/robot', headers, JSON.stringify(message) ?? 'null'))
        }),
        { numRuns, endOnFailure: true },
      )
      const type = fc.constantFrom('user_leave_org', 'bpms_instance_change', 'check_in', 'attendance_check_record', 'x')
      const event = fc.record({
        EventType: type,
        CorpId: fc.constant(corpId),
        eventId: fc.uuid(),
        UserId: nastyJson,
        bizData: nastyJson,
      })
      await fc.assert(
        fc.asyncProperty(fc.oneof(event, nastyJson), async data => {
          const secret = { token: eventToken, aesKey: eventAesKey }
          const sealed = sealEnvelope(secret, clientId, JSON.stringify(data) ?? 'null', world.clock.now())
          const query = new URLSearchParams({
            msg_signature: sealed.signature,
            timestamp: sealed.timestamp,
            nonce: sealed.nonce,
          })
          const body = JSON.stringify({ encrypt: sealed.encrypt })
          expect([200, 400]).toContain(await send(world, `/dingtalk/events?${query}`, {}, body))
        }),
        { numRuns, endOnFailure: true },
      )
      await stillWorks(world)
    })
  })
})
