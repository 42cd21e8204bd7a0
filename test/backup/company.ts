import { expect } from 'vitest'
import { givenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** Rules under which a month has everything: orders with clocks, leave, incidents, points, pay. */
export const companyPolicy = `
name: default
title: 空调门店
version: 1
hours: ["08:00-18:00"]
calendar: { holidays: none }
posts: [维修工]
figures:
  - { name: 毛利 }
clocks:
  - { kind: complete, start: created, stop: [completed, emptyRun], within: 4h, warn: [], overdue: [] }
leave:
  types: [{ name: 事假, deduct: 1, words: [有事] }]
  approve: [{ by: 经理 }]
incidents:
  items:
    - { name: 未穿工装, fine: "20.00", points: -2, rule: R9.3 }
points:
  orders: [{ name: 上门, points: 5 }]
pay:
  dayWage: { of: 提成, by: 当月天数 }
  items:
    - { name: 提成, for: 维修工, formula: "完成单 × 10" }
    - { name: 罚款扣款, for: 维修工, as: 扣款, fine: true, formula: 罚款 }
`

/**
 * A company's November: orders of every state, a photo, leave, a fine, check-ins, the month settled and locked; a token, an
 * endpoint and an import besides. Ends on the 4th of December.
 */
export async function november(world: World): Promise<void> {
  const { db, wang, zhang, li, zhao } = world
  await db.prisma.employment.updateMany({ data: { from: '2026-11-01' } })
  for (const who of ['张三', '李四']) await wang.says(`岗位 ${who} 维修工`)
  world.ignore()
  for (const [who, actor] of [
    ['张三', zhang],
    ['李四', li],
    ['张三', zhang],
  ] as const) {
    const code = await givenOrder(world, { assign: who })
    await actor.says(`接单 ${code}`)
    await actor.says(`到达 ${code}`)
    if (actor === zhang) await actor.sendsPhoto(code)
    await actor.says(`完工 ${code} 换电容1个 收费80`)
    world.ignore()
  }
  await givenOrder(world, { name: '“引号”\\反斜\n换行\t制表 emoji 🛠 \u2028 <b>' })
  await givenOrder(world, { assign: '李四' })
  await zhao.says('派单 花园路38号院5号楼1801 赵女士 13800001235 不制冷 明天上午')
  await wang.says('罚款 张三 未穿工装')
  await li.says('请假 11月27日 有事')
  await li.taps('确认')
  await wang.taps('批准')
  await zhang.says('打卡')
  await wang.says('绑定码 李四')
  world.ignore()
  await world.api('POST', '/tokens', { name: 'ERP', scopes: ['orders:read'] })
  await world.api('POST', '/webhooks', { url: 'https://erp.example/hooks', events: ['incident.dropped'] })
  await world.api('POST', '/orders', once, { 'Idempotency-Key': 'erp-1' })
  world.ignore()
  await world.until('2026-12-01T09:00:00+08:00')
  await wang.says('填数 11月 毛利 10000')
  world.ignore()
  await wang.says('月结 11月')
  world.ignore()
  await wang.says('发布 11月')
  wang.sees('📢 一班 11月月结已发布')
  world.ignore()
  await world.until('2026-12-04T09:05:00+08:00')
  const { state } = await db.prisma.settlement.findFirstOrThrow({ where: { month: '2026-11' } })
  expect(state).toBe('locked')
  world.ignore()
}

const once = {
  ...{ team: '一班', kind: 'repair', fault: '不制冷', externalId: 'E-1' },
  customer: { name: '李女士', phone: '13800001236', address: '花园路1号', distanceKm: 3.5 },
}
