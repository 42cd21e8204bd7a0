import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { eachStory, givenOrder } from '../support/shop.ts'
import { Phone } from './help.ts'

const story = eachStory()

/** The smallest thing that is a JPEG by its bytes. */
const jpeg = (text: string) => Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), Buffer.from(text)])

it('a photo is kept once however often it is sent, and shown to whoever may see the order', async () => {
  const { world, db } = story
  const code = await givenOrder(world)
  const [zhang, li, zhao] = [
    await Phone.of(world, 'zhangsan'),
    await Phone.of(world, 'lisi'),
    await Phone.of(world, 'zhaopaigong'),
  ]
  const id = randomUUID()
  const path = `/orders/${code}/photos/${id}`
  expect((await zhang.puts(`${path}?of=${encodeURIComponent('铭牌')}`, jpeg('one'))).json()).toEqual({ photos: 1 })
  expect((await zhang.puts(path, jpeg('one'))).json()).toEqual({ photos: 1 })
  // Two at once: one waits for the other and finds it done.
  const twin = `/orders/${code}/photos/${randomUUID()}`
  const both = await Promise.all([zhang.puts(twin, jpeg('two')), zhang.puts(twin, jpeg('two'))])
  expect(both.map(({ status }) => status)).toEqual([200, 200])
  expect((await zhang.order(code)).photos).toMatchObject([
    { id, of: '铭牌', state: 'stored', by: '张三' },
    { of: null, state: 'stored' },
  ])
  expect(await db.prisma.media.count()).toBe(2)
  // The id of another photo, or of another order, is nobody's way to overwrite it.
  expect((await zhang.puts(path, jpeg('other'))).status).toBe(409)

  const shown = await zhao.browser.get(`/m/api${path}`)
  expect([shown.status, shown.headers.get('content-type'), shown.headers.get('x-content-type-options')]).toEqual([
    ...[200, 'image/jpeg', 'nosniff'],
  ])
  expect(shown.headers.get('cache-control')).toMatch(/^private/)
  expect((await li.browser.get(`/m/api${path}`)).status).toBe(404)
  expect((await li.puts(`/orders/${code}/photos/${randomUUID()}`, jpeg('x'))).status).toBe(404)
  expect((await zhao.puts(`/orders/${code}/photos/${randomUUID()}`, jpeg('x'))).status).toBe(403)
  const other = await givenOrder(world, { fault: '漏水' })
  expect((await zhang.browser.get(`/m/api/orders/${other}/photos/${id}`)).status).toBe(404)
})

it('what is no picture, or too large, is not kept, whatever it is called', async () => {
  const { world, db } = story
  const code = await givenOrder(world)
  const zhang = await Phone.of(world, 'zhangsan')
  const send = (bytes: Buffer, type = 'image/jpeg') => zhang.puts(`/orders/${code}/photos/${randomUUID()}`, bytes, type)
  expect((await send(Buffer.from('<svg onload="alert(1)"/>'))).status).toBe(422)
  expect((await send(Buffer.from('<svg/>'), 'image/svg+xml')).status).toBe(415)
  expect((await send(Buffer.concat([jpeg(''), Buffer.alloc(8 * 1024 * 1024)]))).status).toBe(413)
  expect((await zhang.puts(`/orders/${code}/photos/not-an-id`, jpeg('x'))).status).toBe(422)
  expect(await db.prisma.media.count()).toBe(0)
})
