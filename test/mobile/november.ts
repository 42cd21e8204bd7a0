import type { Story } from '../support/shop.ts'

/** Rules under which somebody has points, pay, incidents and leave. */
export const ownPolicy = `
name: default
title: 空调门店
version: 1
hours: ["08:00-18:00"]
calendar: { holidays: none }
posts: [维修工]
incidents:
  appealWithin: 14d
  answerWithin: 2d
  items: [{ name: 未穿工装, fine: "20.00", points: -2, rule: R9.3 }]
points:
  orders: [{ name: 上门, points: 5 }]
leave:
  types:
    - { name: 事假, unit: 小时, notice: 1d, late: 批准人定, deduct: 1, rule: R4.1 }
    - { name: 病假, notice: 0d, deduct: 1, proof: 事后补 }
    - { name: 婚假, unit: 天, notice: 3d, deduct: 0, fullAttendance: 不计入 }
  approve: [{ by: 经理 }]
pay:
  items:
    - { name: 提成, for: 维修工, formula: "完成单 × 10" }
    - { name: 罚款扣款, for: 维修工, as: 扣款, fine: true, formula: 罚款 }
`

/** A job of 张三 in November, and a fine of his. Returns its code, and the fine's. */
export async function november({ world, db }: Story): Promise<{ code: string; fine: string }> {
  const { wang, zhang } = world
  await db.prisma.employment.updateMany({ data: { from: '2026-11-01' } })
  for (const who of ['张三', '李四']) await wang.says(`岗位 ${who} 维修工`)
  const customer = { name: '王女士', phone: '13800001234', address: '花园路38号院5号楼1801' }
  const wanted = { team: '一班', kind: 'repair', fault: '不制冷', customer, assign: '张三' }
  const { code } = (await world.api<{ code: string }>('POST', '/orders', wanted)).body
  await zhang.says(`接单 ${code}`)
  await zhang.says(`完工 ${code} 换了电容`)
  await wang.says('罚款 张三 未穿工装')
  world.ignore()
  const incident = await db.prisma.incident.findFirstOrThrow()
  return { code, fine: incident.code }
}
