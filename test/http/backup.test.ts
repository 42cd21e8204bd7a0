import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { unpacked } from '../../src/backup/file.ts'
import { readLines } from '../../src/backup/load.ts'
import { eachStory, givenOrder } from '../support/shop.ts'
import { apiToken } from '../support/world.ts'

const story = eachStory({ bot: false })

const ask = (token = apiToken, signal?: AbortSignal) =>
  fetch(`${story.world.url}/api/v1/backup`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    ...(signal && { signal }),
  })

async function read(answer: Response) {
  if (!answer.body) throw new Error('no body')
  const bytes = Readable.fromWeb(answer.body as Parameters<typeof Readable.fromWeb>[0])
  const { header, content, lines } = await unpacked(bytes, null)
  return { header, found: await readLines(lines, content) }
}

it('the operator is given everything there is, as it is while work goes on', async () => {
  const { world, db } = story
  await givenOrder(world, { assign: '' })
  const answer = await ask()
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/octet-stream'])
  expect(answer.headers.get('content-disposition')).toBe(
    'attachment; filename="paigong-2026-11-24T01-00-00-000Z.backup"',
  )
  expect(answer.headers.get('cache-control')).toBe('no-store')
  // After it was begun: not in it.
  await givenOrder(world, { assign: '' })
  const { header, found } = await read(answer)
  expect(header).toMatchObject({ at: '2026-11-24T01:00:00.000Z', database: db.kind, seal: null })
  expect([found.get('Order')?.rows, found.get('Person')?.rows]).toEqual([1, 4])
  expect((await read(await ask())).found.get('Order')?.rows).toBe(2)
})

it('no token made by the operator gets it, whatever its scopes', async () => {
  const { world } = story
  const { body } = await world.api<{ secret: string }>('POST', '/tokens', {
    name: 'ERP',
    scopes: ['admin', 'orders:*'],
  })
  const refused = await ask(body.secret)
  expect(refused.status).toBe(403)
  expect(await refused.json()).toMatchObject({ detail: '"ERP" is given no backup; only API_TOKEN itself is.' })
  expect((await ask('nobody')).status).toBe(401)
  expect((await fetch(`${world.url}/api/v1/backup`, { headers: { Authorization: `Bearer ${apiToken}` } })).status).toBe(
    404,
  )
})

it('one is made at a time, and one that nobody reads to its end keeps no other from being made', async () => {
  const both = await Promise.all([ask(), ask()])
  expect(both.map(({ status }) => status).sort()).toEqual([200, 409])
  const [first] = both.filter(({ status }) => status === 200)
  await first?.body?.cancel()
  await expect.poll(async () => (await ask()).status, { timeout: 20_000 }).toBe(200)
})
