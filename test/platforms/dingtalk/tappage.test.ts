import { createHash } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Inbound } from '../../../src/chat/inbound.ts'
import { type Deed, Links } from '../../../src/platforms/dingtalk/links.ts'
import { tapRoute } from '../../../src/platforms/dingtalk/tappage.ts'
import type { RawAnswer, Receipt } from '../../../src/platforms/platform.ts'
import { watchTimers } from '../../support/timers.ts'
import { answers, lost, never } from './doorhelp.ts'
import { bare, card, config, fakeReceive, frozenClock, hour, keptLog, keptSignals, start } from './help.ts'

let left: () => number

const { corpId } = config
const evil = `<script>alert("1")</script>&'x'`
const deed: Deed = { userId: 'zhang3', taskId: 'T1', payload: 'o:1:1:accept', text: '接单', title: '派工单 1024' }
const links = new Links('client-secret', 'https://paigong.example/dingtalk/tap')
const tokenOf = (of: Deed = deed) => new URL(links.write(of, start)).searchParams.get('t') ?? ''

function open(answer: (inbound: Inbound) => Partial<Receipt> = () => ({})) {
  const { heard, receive } = fakeReceive(answer)
  const [clock, signals, log] = [frozenClock(), keptSignals(), keptLog()]
  const route = tapRoute({ corpId, links, clock, signals, log }, receive)
  return {
    ...{ heard, clock, signals, log, route },
    look: (t: string | string[] | undefined) => route.handle(bare({ method: 'GET', query: { t } })),
    confirm: (t: string) => route.handle(bare({ body: Buffer.from(new URLSearchParams({ t }).toString()) })),
  }
}

const styleOf = ({ body }: RawAnswer) => /<style>(.*?)<\/style>/s.exec(body)?.[1] ?? ''

/** What every page has, whatever it shows. */
function isSafe(answer: RawAnswer): void {
  const hash = createHash('sha256').update(styleOf(answer)).digest('base64')
  expect(answer).toMatchObject({
    type: 'text/html; charset=utf-8',
    headers: {
      'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${hash}'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
    },
  })
  expect(answer.body).not.toContain('<script')
}

describe('GET /dingtalk/tap', () => {
  it('asks, and does nothing, however often it is opened', async () => {
    const { look, heard } = open()
    const token = tokenOf()
    for (let times = 0; times < 3; times++) {
      const answer = await look(token)
      isSafe(answer)
      expect(answer.status).toBe(200)
      expect(answer.body).toContain(
        `<form method="post" action="/dingtalk/tap"><input type="hidden" name="t" value="${token}"><button class="primary">接单</button></form>`,
      )
      expect(answer.body).toContain('<h1>派工单 1024</h1>')
    }
    expect(heard).toEqual([])
  })

  it('shows what customers wrote as they wrote it', async () => {
    const { look } = open()
    const answer = await look(tokenOf({ ...deed, title: evil, text: evil }))
    isSafe(answer)
    const escaped = '&#60;script&#62;alert(&#34;1&#34;)&#60;/script&#62;&#38;&#39;x&#39;'
    expect(answer.body).toContain(`<title>${escaped}</title>`)
    expect(answer.body).toContain(`<h1>${escaped}</h1>`)
    expect(answer.body).toContain(`<button class="primary">${escaped}</button>`)
  })

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['two', [tokenOf(), tokenOf()]],
    ['a forged one', `${tokenOf().slice(0, -1)}!`],
    ['one made longer', `${tokenOf()}.again`],
    ['script', evil],
  ])('tells little of a link that is %s', async (_, t) => {
    const { look, heard, signals } = open()
    const answer = await look(t)
    isSafe(answer)
    expect(answer.status).toBe(403)
    expect(answer.body).toContain('链接失效了')
    for (const told of ['1024', '接单', 'zhang3', '<form', 'alert']) expect(answer.body).not.toContain(told)
    expect(signals.refusals).toEqual(['dingtalk.tap link'])
    expect(heard).toEqual([])
  })

  it('and POST take the link for three days', async () => {
    const { look, confirm, clock, heard } = open()
    clock.forward(72 * hour)
    expect((await look(tokenOf())).status).toBe(200)
    clock.forward(1)
    expect((await look(tokenOf())).status).toBe(403)
    expect((await confirm(tokenOf())).status).toBe(403)
    expect(heard).toEqual([])
  })
})

describe('POST /dingtalk/tap', () => {
  it('does what the link says, as whom it was sent to', async () => {
    const { confirm, heard } = open()
    const answer = await confirm(tokenOf())
    isSafe(answer)
    expect(heard).toEqual([
      {
        ...{ platform: 'dingtalk', corpId, sender: { userId: 'zhang3' }, at: start },
        key: expect.stringMatching(/^tap:[0-9a-f]{64}$/),
        chat: { kind: 'single', id: 'zhang3', via: 'bot' },
        said: { kind: 'button', payload: 'o:1:1:accept', taskId: 'T1', choices: {} },
      },
    ])
    expect(answer.body).toContain('收到了')
  })

  it('of the same link is the same deed, and of none that looks like it another', async () => {
    const { confirm, heard } = open()
    await confirm(tokenOf())
    await confirm(tokenOf())
    const others = [{ payload: 'o:1:1:decline' }, { userId: 'li4' }, { taskId: 'T2' }]
    for (const other of others) await confirm(tokenOf({ ...deed, ...other }))
    for (const like of [`${tokenOf()}.x`, `${tokenOf()}=`, `${tokenOf()} `]) await confirm(like)
    const [first, again, ...more] = heard.map(({ key }) => key)
    expect(again).toBe(first)
    expect(new Set([first, ...more]).size).toBe(4)
    expect(more).toHaveLength(3)
  })

  it('shows what became of it, and marks it as seen by the tapper', async () => {
    const answered = vi.fn(async () => {})
    const { confirm } = open(() => answers({ kind: 'text', text: `太晚了\n${evil}` }, { answered }))
    const answer = await confirm(tokenOf())
    isSafe(answer)
    expect(answer.body).toContain('<p>太晚了</p><p>&#60;script&#62;')
    expect(answered.mock.calls).toEqual([['tapper']])
  })

  it('shows the card as it is now, its next steps as links for the same person', async () => {
    const shown = {
      ...{ ...card, title: evil, figure: evil, subtitle: evil, body: evil, closed: evil },
      rows: [{ label: evil, value: evil }],
      buttons: [{ text: evil, style: 'danger' as const, payload: 'o:1:2:arrive', words: '' }],
    }
    const { confirm, look } = open(() => answers({ kind: 'card', card: shown }))
    const answer = await confirm(tokenOf())
    isSafe(answer)
    expect(answer.body.match(/&#60;script&#62;/g)).toHaveLength(7)
    const [, href = ''] = /<a class="danger" href="([^"]*)">/.exec(answer.body) ?? []
    const next = new URL(href.replaceAll('&#38;', '&')).searchParams.get('t') ?? ''
    expect(links.read(next, start)).toEqual({ ...deed, title: evil, text: evil, payload: 'o:1:2:arrive' })
    expect((await look(next)).status).toBe(200)
  })

  it('says so when it could not be kept', async () => {
    const { confirm } = open(lost)
    const answer = await confirm(tokenOf())
    isSafe(answer)
    expect(answer.status).toBe(503)
    expect(answer.body).toContain('没有记下来')
  })

  it('tells strangers nothing of a bug', async () => {
    const { confirm, log } = open(() => answers({ kind: 'card', card: { ...card, rows: undefined as never } }))
    expect(await confirm(tokenOf())).toEqual({ status: 503, type: 'text/plain; charset=utf-8', body: 'try again' })
    expect(log.lines.join()).toContain('a door failed')
  })

  describe('when it takes long', () => {
    beforeEach(() => {
      left = watchTimers()
    })
    afterEach(() => void vi.useRealTimers())

    it.each([
      ['to be kept, asks to try again', { stored: never, handled: never }, 503],
      ['to be done, says that it will be told', { handled: never }, 200],
    ])('%s', async (_, receipt, status) => {
      const { confirm } = open(() => receipt)
      const statuses: number[] = []
      void confirm(tokenOf()).then(answer => statuses.push(answer.status))
      await vi.advanceTimersByTimeAsync(3_999)
      expect(statuses).toEqual([])
      await vi.advanceTimersByTimeAsync(1)
      expect(statuses).toEqual([status])
      expect(left()).toBe(0)
    })
  })
})
