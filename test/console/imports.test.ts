import { readXlsx } from 'hucre/xlsx'
import { expect, it } from 'vitest'
import type { Board } from '../../src/console/wire.ts'
import { signIn } from '../login/help.ts'
import { Browser } from '../support/browser.ts'
import { eachStory, givenOrder } from '../support/shop.ts'

const story = eachStory({ bot: false })

interface Import {
  id: string
  state: string
  good: number
  badRows: number[]
  faults: Array<{ row: number; message: string }>
  result: { imported: number } | null
  detail?: string
}

/** Somebody at the console, who sends tables. */
async function desk(userId: string) {
  const { world } = story
  const browser = new Browser(world.url)
  await signIn(world, browser, userId, '/session')
  const { csrf, teams } = (await browser.get('/session')).json<{ csrf: string; teams: Array<{ teamId: string }> }>()
  const send = async (method: string, path: string, body?: string) => {
    const answer = await fetch(`${world.url}/console/api${path}`, {
      ...{ method, ...(body !== undefined && { body }) },
      headers: {
        ...{ Accept: 'application/json', Origin: world.url, 'X-CSRF-Token': csrf },
        Cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
        'Content-Type': body === undefined ? 'application/json' : 'text/csv',
      },
    })
    return answer
  }
  return {
    team: teams[0]?.teamId ?? '',
    send,
    json: async <T = Import>(method: string, path: string, body?: string) => {
      const answer = await send(method, path, body)
      return { status: answer.status, body: (await answer.json()) as T }
    },
  }
}

const head = '客户姓名,电话,地址,故障,师傅'
const good = `${head}\n王女士,13800001201,金水区花园路1号,不制冷,张三\n李先生,13800001202,金水区花园路2号,漏水,`
const bad = `${head}\n王女士,13800001201,金水区花园路1号,不制冷,张三\n李先生,1380,金水区花园路2号,漏水,`

it('a table is shown first, imported when it is confirmed, once', async () => {
  const { world, db } = story
  const zhao = await desk('zhaopaigong')
  const at = (text: string, kind = 'orders') =>
    zhao.json('POST', `/imports?kind=${kind}&team=${zhao.team}&fileName=${encodeURIComponent('周一.csv')}`, text)
  const faulty = await at(bad)
  expect(faulty).toMatchObject({ status: 200, body: { state: 'faulty', badRows: [3] } })
  expect(faulty.body.faults[0]?.message).toContain('电话')
  expect(await zhao.json('POST', `/imports/${faulty.body.id}/confirm`)).toMatchObject({ status: 409 })
  const seen = await at(good)
  expect(seen.body).toMatchObject({ state: 'ready', good: 2 })
  expect((await zhao.json<Board>('GET', '/board')).body.items).toEqual([])
  const [one, two] = await Promise.all([1, 2].map(() => zhao.json('POST', `/imports/${seen.body.id}/confirm`)))
  expect([one?.status, two?.status]).toEqual([200, 200])
  await world.settle()
  world.ignore()
  expect((await zhao.json('GET', `/imports/${seen.body.id}`)).body).toMatchObject({
    ...{ state: 'imported', result: { imported: 2 } },
  })
  expect((await zhao.json<Board>('GET', '/board')).body.items).toHaveLength(2)
  // People are a manager's, and what is another's can't be seen.
  expect((await at(good, 'people')).status).toBe(404)
  const zhang = await desk('zhangsan')
  expect((await zhang.send('GET', `/imports/${seen.body.id}`)).status).toBe(403)
  const entry = await db.prisma.auditEntry.findFirstOrThrow({ where: { action: 'import.confirm' } })
  const { id } = await db.prisma.person.findFirstOrThrow({ where: { name: '赵派工' } })
  expect([entry.personId, entry.via, entry.data]).toMatchObject([id, 'page', { file: '周一.csv', good: 2 }])
})

it('what is exported is of one’s own teams, and it is written down who did', async () => {
  const { world, db } = story
  const own = await givenOrder(world, { assign: '' })
  expect((await world.api('POST', '/teams', { name: '二班' })).status).toBe(201)
  const customer = { name: '别的班', phone: '13800001234', address: '航海路8号' }
  await world.api('POST', '/orders', { team: '二班', customer, fault: '不制冷' })
  world.ignore()
  const zhao = await desk('zhaopaigong')
  const csv = await (await zhao.send('GET', '/exports/orders?format=csv')).text()
  expect(csv).toContain(own)
  expect(csv).not.toContain('别的班')
  const file = await zhao.send('GET', `/exports/orders?team=${zhao.team}&open=true`)
  expect(file.headers.get('content-disposition')).toContain('filename')
  const { sheets } = await readXlsx(new Uint8Array(await file.arrayBuffer()))
  expect(sheets[0]?.rows).toHaveLength(2)
  const other = await db.prisma.team.findFirstOrThrow({ where: { name: '二班' } })
  expect((await zhao.send('GET', `/exports/orders?team=${other.id}`)).status).toBe(404)
  expect((await zhao.send('GET', '/exports/people')).status).toBe(403)
  const wang = await desk('wangjingli')
  expect(await (await wang.send('GET', '/exports/people?format=csv')).text()).toContain('张三')
  const told = await db.prisma.auditEntry.findMany({ where: { action: 'export' }, orderBy: { id: 'asc' } })
  expect(told.map(({ via, data }) => [via, (data as { what: string }).what])).toEqual([
    ...[
      ['page', 'orders'],
      ['page', 'orders'],
      ['page', 'people'],
    ],
  ])
})
