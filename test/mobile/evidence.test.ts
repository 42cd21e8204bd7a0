import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { givenOrder, onBoth } from '../support/shop.ts'
import { Phone } from './help.ts'

const pack = readFileSync('src/policy/packs/default.yaml', 'utf8')
const policy = `${pack}\nevidence:\n  complete: [{ photos: { min: 2, of: [铭牌] } }]\n`
const jpeg = Buffer.from('ffd8ffe000104a464946', 'hex')

onBoth(
  story => {
    it('work is done when its photos are there; until then the chat and the page say what is missing', async () => {
      const { world } = story
      const code = await givenOrder(world)
      await world.settle()
      world.ignore()
      const zhang = await Phone.of(world, world.zhang.userId)
      await world.zhang.says(`完工 ${code} 换电容 收费80`)
      world.zhang.sees(`${code} 还不能完工：还差 2 张照片（铭牌），已有 0 张`)
      const page = await zhang.order(code)
      expect(page).toMatchObject({ wanted: ['铭牌'], missing: '2 张照片（铭牌）', stateName: '待接单' })
      const refused = await zhang.takes(code, { do: 'complete', result: '换电容' })
      expect(refused).toMatchObject({ status: 409, detail: expect.stringContaining('还差 2 张照片') })

      const send = (of: string) =>
        zhang.puts(`/orders/${code}/photos/${randomUUID()}?of=${encodeURIComponent(of)}`, jpeg)
      await send('铭牌')
      await send('外观')
      expect((await zhang.order(code)).missing).toBeNull()
      const done = await zhang.takes(code, { do: 'complete', result: '换电容', charge: '80' })
      expect(done.order).toMatchObject({ stateName: '已完工', missing: null })
      await world.settle()
      world.ignore()
    })

    it('where there can be no photo the desk reports it done, and says why', async () => {
      const { world } = story
      const code = await givenOrder(world)
      await world.settle()
      world.ignore()
      await world.zhao.says(`完工 ${code}`)
      world.zhao.sees(/派给了张三|张三/)
      await world.zhao.says(`完工 ${code} 客户不让拍照`)
      world.zhao.sees(`${code} 已完工`)
      const zhang = await Phone.of(world, world.zhang.userId)
      expect(await zhang.order(code)).toMatchObject({
        stateName: '已完工',
        timeline: expect.arrayContaining([
          expect.objectContaining({ what: expect.stringContaining('客户不让拍照'), by: '赵派工' }),
        ]),
      })
      await world.settle()
      world.ignore()
    })
  },
  { policy },
)
