import { expect } from 'vitest'
import { dot } from '../support/actor.ts'
import type { World } from '../support/world.ts'
import { Desk } from './desk.ts'

/** A team with one of everything the pages' routes are about. */
export interface Side {
  team: string
  /** A technician who has the order and asked for the leave. */
  person: string
  order: string
  /** A photo of the order. */
  photo: string
  leave: string
  incident: string
  /** A month that was drafted. */
  month: string
  /** A preview of a table of orders. */
  table: string
}

export interface Furnished {
  own: Side
  other: Side
  /** The manager of the own team becomes manager of the other one, too: he has the company then. */
  manageAll(): Promise<void>
}

const policy = 'aircon-shop'
const month = '2026-10'
const since = '2026-01-01'
const png = Buffer.from(dot.slice(dot.indexOf(',') + 1), 'base64')
const table = '客户姓名,电话,地址,故障\n王女士,13800001234,金水区花园路1号,不制冷'
/** Nobody's, in whichever team. */
export const nobody = '019aa000-0000-7000-8000-000000000001'

/** Two teams that have the same: the demo team (`own`) and another one whose people nobody signs in as. */
export async function furnish(world: World): Promise<Furnished> {
  const enter = async (path: string, body: object) => {
    const made = await world.api<{ id: string; code: string }>('POST', path, body)
    expect([path, made.status, made.body]).toEqual([
      path,
      expect.toSatisfy(one => one === 200 || one === 201),
      made.body,
    ])
    return made.body
  }
  const own = (await enter('/teams', { name: '一班', policy })).id
  const other = (await enter('/teams', { name: '二班', policy })).id
  const all = { post: '维修工', joinedOn: since }
  await enter('/people', { name: '张三', team: '一班', roles: ['technician'], ...all })
  await enter('/people', { name: '李四', team: '一班', roles: ['finance'], joinedOn: since })
  await enter('/people', { name: '钱六', team: '二班', roles: ['technician'], ...all })
  await enter('/people', { name: '周七', team: '二班', roles: ['manager'], joinedOn: since })
  await world.db.prisma.membership.deleteMany({ where: { person: { name: '李四' }, role: 'technician' } })
  const idOf = async (name: string) => (await world.db.prisma.person.findFirstOrThrow({ where: { name } })).id
  const manager = await idOf('王经理')
  const manageAll = async () => {
    await world.db.prisma.membership.create({
      data: { company: 'main', teamId: other, personId: manager, role: 'manager' },
    })
  }
  await manageAll()
  const wang = await Desk.open(world, 'wangjingli')
  const sides = {
    own: await furnishSide(world, wang, own, await idOf('张三')),
    other: await furnishSide(world, wang, other, await idOf('钱六')),
  }
  await world.settle()
  world.ignore()
  // What was entered there was somebody else's doing: who entered a thing may always know of it.
  const { id: leaveId } = await world.db.prisma.leave.findFirstOrThrow({ where: { code: sides.other.leave } })
  const { id: incidentId } = await world.db.prisma.incident.findFirstOrThrow({ where: { code: sides.other.incident } })
  const by = await idOf('周七')
  await world.db.prisma.leaveJournal.updateMany({ where: { leaveId }, data: { by } })
  await world.db.prisma.incidentJournal.updateMany({ where: { incidentId }, data: { by } })
  await world.db.prisma.membership.deleteMany({ where: { personId: manager, teamId: other } })
  return { ...sides, manageAll }
}

async function furnishSide(world: World, wang: Desk, team: string, person: string): Promise<Side> {
  const done = async <T>(answer: Promise<{ status: number; body: T }>): Promise<T> => {
    const { status, body } = await answer
    expect([status, body]).toEqual([200, body])
    return body
  }
  const customer = { name: '王女士', phone: '13800001234', address: '金水区花园路38号' }
  const order = await done(
    wang.does<{ code: string }>('POST', '/orders', { team, customer, fault: '不制冷', assign: person }),
  )
  const { id: orderId } = await world.db.prisma.order.findFirstOrThrow({ where: { code: order.code } })
  const photo = crypto.randomUUID()
  await world.db.prisma.media.create({
    data: {
      ...{ company: 'main', id: photo, orderId, personId: person, platform: 'wecom', kind: 'image', source: {} },
      ...{
        state: 'stored',
        mime: 'image/png',
        size: png.length,
        bytes: new Uint8Array(png),
        createdAt: world.clock.now(),
      },
    },
  })
  const from = { day: '2026-11-26', minute: 480 }
  const wish = { person, type: '事假', from, to: { ...from, minute: 1080 }, reason: '家里有事' }
  const { leave } = await done(wang.does<{ leave: { code: string } }>('POST', '/leave/requests', wish))
  const incident = await done(
    wang.does<{ incident: { code: string } }>('POST', '/incidents/list', {
      team,
      person,
      item: '没穿鞋套',
      day: '2026-11-20',
    }),
  )
  await done(wang.does('POST', `/months/${team}/${month}/draft`))
  const query = new URLSearchParams({ kind: 'orders', team, fileName: 'table.csv' })
  const sent = await wang.raw('POST', `/imports?${query}`, `${table}${team}`, 'text/csv')
  const { id } = (await sent.json()) as { id: string }
  return {
    team,
    person,
    order: order.code,
    photo,
    leave: leave.code,
    incident: incident.incident.code,
    month,
    table: id,
  }
}
