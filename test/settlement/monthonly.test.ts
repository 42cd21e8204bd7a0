import { expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/load.ts'
import { checkPay } from '../../src/settlement/checkpay.ts'

const policy = readPolicy(
  `
name: x
version: 1
counts:
  - { name: 加单, of: orders, when: { kind: 维修 }, from: 3, unless: { complained: true }, split: 负责人 }
incidents:
  items:
    - { name: 不服从派工, fine: "100.00", daysOff: 3, repeat: [{ time: 2, within: 一直, proposesDismissal: true }] }
pay:
  items: [{ name: 加单补贴, formula: 加单 × 20 }]
payCases:
  - name: 有投诉的那天没有,哪怕投诉的是别的单;帮忙的单子有投诉,和他无关
    people:
      张三: { orders: [{ day: 2026-11-02, times: 4 }, { day: 2026-11-02, kind: install, complained: true }, { day: 2026-11-03, times: 3 }] }
      李四: { orders: [{ day: 2026-11-03, times: 4 }] }
      王五: { orders: [{ day: 2026-11-03, complained: true, with: { 李四: 50 } }, { day: 2026-11-04, times: 3, complained: true }] }
    expect: { 张三: { 加单: 1, 加单补贴: "20.00" }, 李四: { 加单: 2 }, 王五: { 加单: 0 } }
  - name: 上个月的只用来数第几次,钱、停工、辞退都算当月的
    people:
      张三: { incidents: [2026-10-31 不服从派工] }
      李四: { incidents: [2026-10-31 不服从派工, 2026-11-01 不服从派工] }
      王五: { incidents: [2026-11-30 不服从派工] }
    expect:
      张三: { 罚款: 0, 停工天数: 0, 辞退提议: 0 }
      李四: { 罚款: 0, 停工天数: 0, 辞退提议: 1 }
      王五: { 罚款: 100, 停工天数: 3, 辞退提议: 0 }
`,
  'x.yaml',
)

it.each(policy.payCases.map(one => [one.name, one] as const))('%s', (_, one) => {
  expect(checkPay(policy, one)).toEqual([])
})
