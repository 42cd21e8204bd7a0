import { describe, expect, it } from 'vitest'
import { readPolicy } from '../../src/policy/load.ts'

const good = '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }'
const rule = (more: string) => `  - { kind: contact, start: dispatched, stop: contacted, within: 2h, ${more} }`

describe('a good policy', () => {
  it('is read with defaults', () => {
    const policy = readPolicy(`name: 小店\nversion: 3\nclocks:\n${good}`, 'x.yaml')
    expect(policy).toMatchObject({ name: '小店', title: '小店', version: 3, zone: 'Asia/Shanghai', quietHours: null })
    expect(policy).toMatchObject({
      undoWithinMs: 600_000,
      mergeWithinMs: 120_000,
      daily: { digest: null, evening: null, manager: null },
      ...{ weekly: null, targets: { onTime: null } },
    })
    expect(policy.dayParts.下午).toEqual([810, 1080])
    expect(policy.clocks[0]).toMatchObject({
      name: '联系时限',
      limit: { form: 'elapsed', ms: 7_200_000, perUnits: null, latestMs: null },
      restartOnReassign: false,
    })
  })

  it('may be written in Chinese', () => {
    const text =
      '  - { kind: 联系, start: 派单, stop: [已联系, 到达], within: 2小时, pauses: 等配件, overdue: [{ after: 5分, tell: 经理 }], when: { kind: 维修 } }'
    const [clock] = readPolicy(`name: x\nversion: 1\nclocks:\n${text}`, 'x.yaml').clocks
    expect(clock).toMatchObject({
      kind: 'contact',
      start: ['dispatched'],
      stop: ['contacted', 'arrived'],
      pauses: ['parts'],
    })
    expect(clock).toMatchObject({ when: { kind: ['repair'] }, overdue: [{ name: 'overdue:5m', tell: ['manager'] }] })
  })

  it('sends the manager his day with the evening list, unless it has a time of its own', () => {
    const read = (daily: string) =>
      readPolicy(`name: x\nversion: 1\ndaily: { ${daily} }\nclocks:\n${good}`, 'x.yaml').daily
    expect(read("evening: '17:30'")).toEqual({ digest: null, evening: 1050, manager: 1050 })
    expect(read("evening: '17:30', manager: '18:30'")).toEqual({ digest: null, evening: 1050, manager: 1110 })
    expect(read("manager: '18:30'")).toEqual({ digest: null, evening: null, manager: 1110 })
  })

  it('has a week and a target', () => {
    const text = `name: x\nversion: 1\nweekly: { day: 5, at: '17:00' }\ntargets: { onTime: 92.5% }\nclocks:\n${good}`
    expect(readPolicy(text, 'x.yaml')).toMatchObject({ weekly: { day: 5, at: 1020 }, targets: { onTime: 0.925 } })
  })

  it('names its steps and tells the technician, or the dispatcher of what is not dispatched', () => {
    const text = `${rule('warn: [30m, 80%, { at: 90m, tell: dispatcher }]')}\n  - { kind: dispatch, start: created, stop: dispatched, within: 30m, warn: 10m }`
    const [contact, dispatch] = readPolicy(`name: x\nversion: 1\nclocks:\n${text}`, 'x.yaml').clocks
    expect(contact?.warn).toEqual([
      { name: 'warn:30m', beforeMs: 1_800_000, tell: ['technician'] },
      { name: 'warn:80%', share: 0.8, tell: ['technician'] },
      { name: 'warn:1h30m', beforeMs: 5_400_000, tell: ['dispatcher'] },
    ])
    expect(dispatch?.warn[0]?.tell).toEqual(['dispatcher'])
  })

  it('may ask for progress, keep days off, and hold a chain for a reply', () => {
    const text = rule(
      'warn: [{ at: 80%, ask: true, unanswered: 20m }, { at: 30m, tell: [technician, dispatcher], ask: true }]',
    )
    const policy = readPolicy(
      `name: x\nversion: 1\nnudges: { days: workdays, replyHolds: 0m }\nclocks:\n${text}`,
      'x.yaml',
    )
    expect(policy.clocks[0]?.warn).toEqual([
      { name: 'warn:80%', share: 0.8, tell: ['technician'], ask: true, unansweredMs: 1_200_000 },
      { name: 'warn:30m', beforeMs: 1_800_000, tell: ['technician', 'dispatcher'], ask: true },
    ])
    expect(policy).toMatchObject({ nudgeDays: 'workdays', replyHoldsMs: 0, mergeWithinMs: 120_000 })
    const usual = readPolicy(`name: x\nversion: 1\nclocks:\n${good}`, 'x.yaml')
    expect(usual).toMatchObject({ nudgeDays: 'all', replyHoldsMs: 1_800_000 })
  })
})
