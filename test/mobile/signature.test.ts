import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import type { OrderPage } from '../../src/console/wire.ts'
import { givenOrder, onBoth } from '../support/shop.ts'
import { Phone } from './help.ts'

const pack = readFileSync('src/policy/packs/default.yaml', 'utf8')
const policy = `${pack}\nevidence:\n  complete: [{ signature: true }]\n`
/** The smallest thing that is a PNG by its bytes. */
const png = (text: string) => Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(text)])
const pathOf = (code: string, id: string, said: Record<string, string> = { name: '王女士' }) =>
  `/orders/${code}/signature/${id}?${new URLSearchParams(said)}`

onBoth(
  story => {
    it('the customer signs on the phone before the work is done; the chat says where', async () => {
      const { world } = story
      const code = await givenOrder(world)
      await world.settle()
      world.ignore()
      const zhang = await Phone.of(world, world.zhang.userId)
      await world.zhang.says(`完工 ${code} 换电容 收费80`)
      world.zhang.sees(
        new RegExp(`${code} 还不能完工：还差 客户签字。打开单子的页面 http\\S+/m/orders/${code} 点「请客户签字」`),
      )
      expect(await zhang.order(code)).toMatchObject({
        ...{ missing: '客户签字', lacks: { photos: null, signature: true }, signature: null, maySign: true },
      })

      const [first, second] = [randomUUID(), randomUUID()]
      const sent = await zhang.puts(
        pathOf(code, first, { name: '王女士', result: '换电容', charge: '80' }),
        png('1'),
        'image/png',
      )
      expect([sent.status, sent.json()]).toEqual([200, { signature: first }])
      const page = await zhang.order(code)
      expect(page).toMatchObject({
        ...{ missing: null, lacks: { photos: null, signature: false } },
        signature: { id: first, name: '王女士', by: '张三', result: '换电容', charge: '80' },
      })
      expect(page.timeline.at(-1)).toMatchObject({
        what: expect.stringMatching(/^客户签字 .*：王女士，换电容，收费 ¥80$/),
      })
      const done = await zhang.takes(code, { do: 'complete', result: '换电容', charge: '80' })
      expect(done.order).toMatchObject({ stateName: '已完工', done: { result: '换电容', charge: '80' } })

      // A second signature takes the place of the first in what is shown; the journal has both.
      await zhang.puts(pathOf(code, second, { name: '王先生' }), png('2'), 'image/png')
      const zhao = await Phone.of(world, world.zhao.userId)
      const desk = (await zhao.browser.get(`/console/api/orders/${code}`)).json<OrderPage>()
      expect(desk.photos).toMatchObject([{ id: second, signed: '王先生', by: '张三', state: 'stored' }])
      expect(desk.timeline.filter(({ photo }) => photo !== null).map(({ photo }) => photo)).toEqual([first, second])
      const shown = await zhao.browser.get(`/m/api/orders/${code}/photos/${second}`)
      expect([shown.status, shown.headers.get('content-type')]).toEqual([200, 'image/png'])

      // Taken back, the completion goes and the signature stays.
      expect((await zhang.takes(code, { do: 'undo' })).order).toMatchObject({
        ...{ stateName: '待接单', signature: { id: second }, missing: null },
      })
      await world.settle()
      world.ignore()
    })

    it('where nobody signs the desk reports it done, and says why', async () => {
      const { world } = story
      const code = await givenOrder(world)
      await world.settle()
      world.ignore()
      await world.zhao.says(`完工 ${code} 客户不在家没签`)
      world.zhao.sees(`${code} 已完工`)
      await world.settle()
      world.ignore()
    })

    it('one signature is one, and nobody but who works there or the desk sends one', async () => {
      const { world, db } = story
      const code = await givenOrder(world)
      await world.settle()
      world.ignore()
      const [zhang, li, zhao] = [
        await Phone.of(world, world.zhang.userId),
        await Phone.of(world, world.li.userId),
        await Phone.of(world, world.zhao.userId),
      ]
      const send = (phone: Phone, id: string, bytes = png('x'), type = 'image/png') =>
        phone.puts(pathOf(code, id), bytes, type)
      const signed = async () =>
        (await zhang.order(code)).timeline.filter(({ what }) => what.startsWith('客户签字')).length
      const id = randomUUID()
      const both = await Promise.all([send(zhang, id), send(zhang, id)])
      expect(both.map(({ status }) => status)).toEqual([200, 200])
      expect([await signed(), await db.prisma.media.count()]).toEqual([1, 1])
      expect(await db.prisma.media.findFirst()).toMatchObject({ id, kind: 'signature', mime: 'image/png' })
      expect((await send(zhang, id, png('other'))).status).toBe(409)
      // No photo takes the id of a signature, nor the other way.
      expect((await zhang.puts(`/orders/${code}/photos/${id}`, png('x'), 'image/png')).status).toBe(409)

      expect((await send(li, randomUUID())).status).toBe(404)
      expect((await send(zhao, randomUUID(), png('desk'))).status).toBe(200)
      expect((await send(zhang, randomUUID(), Buffer.from('<svg/>'))).status).toBe(422)
      expect((await send(zhang, randomUUID(), png(''), 'image/jpeg')).status).toBe(415)
      expect((await send(zhang, randomUUID(), Buffer.concat([png(''), Buffer.alloc(1024 * 1024)]))).status).toBe(413)
      expect((await zhang.puts(pathOf(code, randomUUID(), { name: ' ' }), png('x'), 'image/png')).status).toBe(422)
      const money = pathOf(code, randomUUID(), { name: '王女士', charge: 'much' })
      expect((await zhang.puts(money, png('x'), 'image/png')).status).toBe(422)
      expect(await signed()).toBe(2)

      await world.zhao.says(`取消 ${code} 客户不修了`)
      world.zhao.sees(/已取消/)
      const late = await send(zhao, randomUUID(), png('late'))
      expect([late.status, late.json<{ detail: string }>().detail]).toEqual([409, `${code} 已取消，不能再签字。`])
      // What had arrived before is not refused for that.
      expect((await send(zhang, id)).status).toBe(200)
      expect(await zhang.order(code)).toMatchObject({ maySign: false, missing: null })
      await world.settle()
      world.ignore()
    })
  },
  { policy },
)
