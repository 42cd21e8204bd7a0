import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pictureOf } from '../support/picture.ts'
import type { Bench, Seen, Who } from './bench.ts'

const order = {
  ...{ team: '一班', kind: 'repair', fault: '不制冷', assign: '张三' },
  customer: { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' },
}

/** What every platform has to do for the service; where platforms differ, `can` says how (src/platforms/platform.ts). */
export function contract(name: string, open: () => Promise<Bench>): void {
  describe(`the contract, kept by ${name}`, () => {
    let bench: Bench
    beforeEach(async () => {
      bench = await open()
    })
    afterEach(async () => {
      const errors = bench.errors()
      await bench.close()
      expect(errors, 'errors in the log').toEqual([])
    })

    async function opened(): Promise<string> {
      const { status, body } = await bench.api<{ code: string }>('POST', '/orders', order)
      expect(status).toBe(201)
      return body.code
    }
    const stateOf = async (code: string) => (await bench.api('GET', `/orders/${code}`)).body.state
    const one = (seen: Seen[], pattern: RegExp): Seen => {
      const found = seen.filter(({ text }) => pattern.test(text))
      expect(
        found.map(({ text }) => text),
        `${pattern} among ${JSON.stringify(seen.map(s => s.text))}`,
      ).toHaveLength(1)
      return found[0] as Seen
    }
    /** Does a step with its button, or with the words a platform without buttons prints instead. */
    async function does(who: Who, button: string, code: string): Promise<void> {
      if (bench.can.buttons) return bench.taps(who, button)
      await bench.says(who, `${button} ${code}`)
    }

    it('brings a card once, with what can be done next: by a button or in words', async () => {
      const code = await opened()
      const card = one(bench.reads('张三'), new RegExp(`派工单 ${code}`))
      expect(card.text).toContain('13800001234')
      expect(card.text).toMatch(bench.can.buttons ? /\[接单\]/ : new RegExp(`回复 接单 ${code}`))
      await does('张三', '接单', code)
      expect(await stateOf(code)).toBe('accepted')
      one(bench.reads('赵派工'), new RegExp(`${code} 张三 已接单`))
    })

    it('shows a tap’s outcome on the card, and keeps cards true as well as it can', async () => {
      const code = await opened()
      bench.reads('张三')
      await does('张三', '接单', code)
      if (bench.can.buttons) one(bench.cards('张三'), /待联系/)
      bench.reads('张三')
      await bench.api('POST', `/orders/${code}/cancel`, { reason: '客户不修了' })
      one(bench.reads('张三'), new RegExp(`${code}.*已取消`))
      const live = bench.cards('张三').filter(({ text }) => text.includes(code))
      if (bench.can.repaint === 'always') one(live, /已取消/)
      else if (bench.can.recall && bench.can.buttons) expect(live.every(({ text }) => /已取消/.test(text))).toBe(true)
    })

    it('answers who speaks, where he speaks', async () => {
      const code = await opened()
      bench.reads('张三')
      await bench.says('张三', '接单')
      one(bench.reads('张三'), new RegExp(`✅ ${code} 已接单`))
      await bench.says('张三', '今天天气不错')
      one(bench.reads('张三'), /没看懂/)
      if (!bench.can.hearsGroup) return
      bench.groupReads()
      await bench.saysInGroup('张三', `${code} 已联系 明天上午10点`)
      one(bench.groupReads(), new RegExp(`✅ ${code} 已联系客户`))
      expect(bench.reads('张三').filter(({ text }) => text.includes('✅'))).toEqual([])
    })

    it('shows a picture, or says the same in words', async () => {
      bench.groupReads()
      for (const to of ['张三', 'group'] as const) await bench.tells(to, pictureOf('一班 10月排名'))
      one(bench.reads('张三'), /一班 10月排名/)
      one(bench.groupReads(), /一班 10月排名/)
    })

    it('keeps the customer’s number out of the group', async () => {
      await opened()
      const said = bench
        .groupReads()
        .map(({ text }) => text)
        .join('\n')
      expect(said).toMatch(/已派单给张三/)
      expect(said).toMatch(/138[*＊]{4}1234/)
      expect(said).not.toContain('13800001234')
    })

    it('delivers an event twice without doing it twice', async () => {
      const code = await opened()
      await bench.says('张三', `接单 ${code}`)
      bench.reads('张三')
      bench.reads('赵派工')
      await bench.again()
      expect(bench.reads('赵派工')).toEqual([])
      const { body } = await bench.api<{ timeline: Array<{ fact: string }> }>('GET', `/orders/${code}`)
      expect(body.timeline.filter(({ fact }) => fact === 'accepted')).toHaveLength(1)
    })

    it('takes a quoted message for the order it shows', async () => {
      const first = await opened()
      await opened()
      const card = one(bench.reads('张三'), new RegExp(`派工单 ${first}`))
      await bench.says('张三', '接单', card)
      // Where the platform keeps the quotation to itself, two orders fit: it asks and changes nothing.
      expect(await stateOf(first)).toBe(bench.can.quotes ? 'accepted' : 'dispatched')
    })

    it('fetches what was photographed', async () => {
      const code = await opened()
      await does('张三', '接单', code)
      await bench.sendsPhoto('张三')
      one(bench.reads('张三'), new RegExp(`📷 已记到 ${code}`))
      const { body } = await bench.api<{ photos: string[] }>('GET', `/orders/${code}`)
      expect(body.photos).toHaveLength(1)
    })

    it('is tried again when it fails for a moment, and says it once', async () => {
      bench.failsOnce('temporary')
      const code = await opened()
      expect(bench.reads('张三')).toEqual([])
      await bench.forward('15s')
      one(bench.reads('张三'), new RegExp(`派工单 ${code}`))
      await bench.forward('60s')
      expect(bench.reads('张三')).toEqual([])
    })

    it('parks what can never work, with what to do, until somebody sends it again', async () => {
      bench.failsOnce('permanent')
      const code = await opened()
      await bench.forward('60s')
      expect(bench.reads('张三')).toEqual([])
      const dead = await bench.api<{ items: Array<{ reason: string }> }>('GET', '/outbox?status=dead')
      expect(dead.body.items[0]?.reason).toMatch(/^[a-z-]+: .+ — .+/)
      await bench.api('POST', '/outbox/resend')
      one(bench.reads('张三'), new RegExp(`派工单 ${code}`))
    })
  })
}
