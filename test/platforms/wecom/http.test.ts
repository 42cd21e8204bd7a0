import fc from 'fast-check'
import { XMLParser } from 'fast-xml-parser'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Said } from '../../../src/chat/card.ts'
import { sealEnvelope } from '../../../src/platforms/envelope.ts'
import type { Receipt } from '../../../src/platforms/platform.ts'
import { callbackRoute } from '../../../src/platforms/wecom/http.ts'
import { watchTimers } from '../../support/timers.ts'
import {
  agentId,
  bare,
  card,
  corpId,
  event,
  fakeReceive,
  frozenClock,
  keptLog,
  keptSignals,
  openReply,
  posted,
  secret,
  tapXml,
  textXml,
} from './help.ts'

let left: () => number

function door(answer: () => Partial<Receipt> = () => ({})) {
  const { heard, receive } = fakeReceive(answer)
  const clock = frozenClock()
  const signals = keptSignals()
  const log = keptLog()
  const route = callbackRoute(
    { corpId, agentId, secrets: [secret], leaveTemplate: 'TEMPLATE' },
    { clock, signals, log, answerWithinMs: 3_500 },
    receive,
  )
  return { heard, signals, log, clock, handle: route.handle, route }
}

const says = (message: Said, answered = async () => {}): Partial<Receipt> => ({
  handled: Promise.resolve({ message, answered }),
})
const never = new Promise<never>(() => {})

describe('GET /wecom/callback', () => {
  it('answers the check of the address with the bare text', async () => {
    const { handle, clock } = door()
    const { encrypt, signature, timestamp, nonce } = sealEnvelope(secret, corpId, '1616140317555161061', clock.now())
    const answer = await handle(
      bare({ method: 'GET', query: { msg_signature: signature, timestamp, nonce, echostr: encrypt } }),
    )
    expect(answer).toMatchObject({ status: 200, body: '1616140317555161061' })
  })

  it('refuses a check whose plus signs became spaces', async () => {
    const { handle, clock } = door()
    const { encrypt, signature, timestamp, nonce } = sealEnvelope(secret, corpId, 'x', clock.now())
    const answer = await handle(
      bare({ method: 'GET', query: { msg_signature: signature, timestamp, nonce, echostr: ` ${encrypt}` } }),
    )
    expect(answer.status).toBe(401)
  })
})

describe('POST /wecom/callback: refusals', () => {
  it('counts and hides why', async () => {
    const { handle, signals, heard } = door()
    const good = posted(tapXml)
    const forged = await handle({ ...good, query: { ...good.query, msg_signature: 'a'.repeat(40) } })
    const stranger = await handle(posted(tapXml, { ...secret, token: 'Other' }))
    const old = await handle(posted(tapXml, secret, new Date('2026-11-20T01:00:00Z')))
    const huge = await handle({ ...good, body: Buffer.alloc(262_145, 65) })
    const twice = await handle({ ...good, body: Buffer.concat([good.body, good.body]) })
    const doctype = await handle(posted(`<!DOCTYPE x [<!ENTITY a "b">]>${tapXml}`))
    const other = await handle(posted(tapXml.replace(corpId, 'wwOTHER')))
    const all = [forged, stranger, old, huge, twice, doctype, other]
    expect(all.map(answer => answer.status)).toEqual([401, 401, 403, 413, 401, 403, 403])
    for (const { body } of all) expect(body).toMatch(/^(unauthorized|forbidden|too large)$/)
    expect(signals.refusals.map(line => line.split(' ')[1])).toEqual([
      'signature',
      'signature',
      'stale',
      'size',
      'malformed',
      'xml',
      'receiver',
    ])
    expect(heard).toEqual([])
  })

  it('never throws and never lets anything through, whatever is posted', async () => {
    const { handle, heard } = door()
    const text = fc.string({ unit: 'binary' })
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (msg_signature, timestamp, nonce, body) => {
        const answer = await handle(bare({ query: { msg_signature, timestamp, nonce }, body: Buffer.from(body) }))
        expect(answer.status).toBeGreaterThanOrEqual(400)
      }),
    )
    expect(heard).toEqual([])
  })

  it('survives any well-signed text', async () => {
    const { handle } = door()
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.string(),
          fc.string().map(text => event(text)),
        ),
        async xml => {
          expect([200, 403]).toContain((await handle(posted(xml))).status)
        },
      ),
    )
  })

  it('acknowledges and counts another app’s events, but lets approvals of our template through', async () => {
    const { handle, heard, signals } = door()
    const enter = '<MsgType>event</MsgType><Event>enter_agent</Event>'
    expect(await handle(posted(event(enter, 999)))).toMatchObject({ status: 200, body: '' })
    expect(heard).toEqual([])
    expect(signals.refusals).toEqual(['wecom.callback not-ours'])
    const approval = (template: string) =>
      `<MsgType>event</MsgType><Event>sys_approval_change</Event><ApprovalInfo><SpNoStr>0042</SpNoStr><TemplateId>${template}</TemplateId></ApprovalInfo>`
    for (const template of ['OTHER', 'TEMPLATE']) await handle(posted(event(approval(template), 3010040)))
    const name = 'sys_approval_change'
    expect(heard.map(({ said }) => said)).toEqual([{ kind: 'event', event: 'approval', name, detail: { id: '0042' } }])
    expect(signals.refusals).toHaveLength(2)
  })
})

describe('POST /wecom/callback: answers', () => {
  beforeEach(() => {
    left = watchTimers()
  })
  afterEach(() => void vi.useRealTimers())

  it('answers text with a sealed passive reply, and reports it only after it was sent', async () => {
    const answered = vi.fn(async () => {})
    const { handle } = door(() => says({ kind: 'text', text: 'a ]]> b & <a href="https://x.example">c</a>' }, answered))
    const answer = await handle(posted(textXml('接单 1024')))
    expect(answer.status).toBe(200)
    const reply = new XMLParser({ parseTagValue: false }).parse(openReply(answer.body)).xml
    expect(reply).toMatchObject({
      ToUserName: 'zhang3',
      FromUserName: corpId,
      MsgType: 'text',
      Content: 'a ]]> b & ＜a href="https://x.example">c＜/a>',
    })
    expect(answered).not.toHaveBeenCalled()
    answer.sent?.()
    expect(answered).toHaveBeenCalledOnce()
    expect(left()).toBe(0)
  })

  it('answers a tap by drawing the card anew', async () => {
    const { handle, heard } = door(() => says({ kind: 'card', card }))
    const answer = await handle(posted(tapXml))
    const reply = new XMLParser({ parseTagValue: false }).parse(openReply(answer.body)).xml
    expect(reply.MsgType).toBe('update_template_card')
    expect(reply.TemplateCard).toMatchObject({
      CardType: 'button_interaction',
      MainTitle: { Title: card.title, Desc: '接单剩 18 分 · 待接单' },
      ButtonList: [
        { Text: '接单', Style: '1', Key: 'o:1:1:accept' },
        { Text: '拒单', Style: '3', Key: 'o:1:1:decline' },
      ],
    })
    expect(reply.TemplateCard.HorizontalContentList[2]).toEqual({
      KeyName: '地图',
      Value: '打开',
      Type: '1',
      Url: 'https://paigong.example/m/1',
    })
    expect(reply.TemplateCard).not.toHaveProperty('TaskId')
    expect(heard[0]).toMatchObject({ said: { kind: 'button', taskId: '00123' }, repaint: { handle: 'RC1' } })
  })

  it('leaves to the outbox what a passive reply cannot say', async () => {
    const cardToText = door(() => says({ kind: 'card', card }))
    expect(await cardToText.handle(posted(textXml('单 1024')))).toMatchObject({ status: 200, body: '' })
    const textToTap = door(() => says({ kind: 'text', text: '王师傅 10:32 已接单' }))
    expect(await textToTap.handle(posted(tapXml))).toMatchObject({ status: 200, body: '' })
  })

  it('asks for another delivery when the event could not be kept', async () => {
    const { handle } = door(() => ({
      stored: Promise.reject(new Error('down')),
      handled: Promise.reject(new Error('down')),
    }))
    expect((await handle(posted(tapXml))).status).toBe(503)
    const throwing = door(() => {
      throw new Error('down')
    })
    expect((await throwing.handle(posted(tapXml))).status).toBe(503)
  })

  it('asks for another delivery when keeping takes longer than 4.3 s', async () => {
    const { handle } = door(() => ({ stored: never, handled: never }))
    const answer = handle(posted(tapXml))
    const status = vi.fn()
    void answer.then(({ status: got }) => status(got))
    await vi.advanceTimersByTimeAsync(4_299)
    expect(status).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(status).toHaveBeenCalledWith(503)
    expect(left()).toBe(0)
  })

  it('acknowledges without words when the answer is late', async () => {
    const { handle } = door(() => ({ handled: never }))
    const done = vi.fn()
    void handle(posted(tapXml)).then(({ status, body }) => done(status, body))
    await vi.advanceTimersByTimeAsync(3_499)
    expect(done).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(done).toHaveBeenCalledWith(200, '')
  })

  it('acknowledges a kept event whose handling failed: the inbox tries again', async () => {
    const { handle } = door(() => ({ handled: Promise.reject(new Error('bug')) }))
    expect(await handle(posted(tapXml))).toMatchObject({ status: 200, body: '' })
  })

  it('survives an answer that cannot be marked as said', async () => {
    const { handle, log } = door(() => says({ kind: 'text', text: 'ok' }, () => Promise.reject(new Error('gone'))))
    const { sent } = await handle(posted(textXml('x')))
    sent?.()
    await vi.advanceTimersByTimeAsync(0)
    expect(log.lines[0]).toContain('could not be marked')
  })
})
