import { describe, expect, it } from 'vitest'
import type { SandboxApproval } from '../../src/sandbox/wire.ts'
import { requestsOf, summaryOf } from '../../src/web/sandbox/approvals.ts'
import { people } from './screens.ts'

const [zhao, zhang, wang] = people
const request = (more: Partial<SandboxApproval> = {}): SandboxApproval => ({
  ...{
    platform: 'wecom',
    id: 'r1',
    title: '张三提交的请假',
    applicant: 'zhang3',
    lines: ['事假 1 天'],
    status: 'pending',
  },
  ...{ deciders: ['wang'], at: '2026-11-23T06:00:00.000Z', ...more },
})
const seenBy = (person: (typeof people)[number] | undefined, ...approvals: SandboxApproval[]) =>
  person ? requestsOf(approvals, person, people) : []

describe('the requests on a phone', () => {
  it('can be decided by those whose turn it is, taken back by who asked, and are no concern of others', () => {
    expect(seenBy(wang, request())).toEqual([
      {
        ...{ id: 'r1', title: '张三提交的请假', lines: ['事假 1 天'], words: '等你处理', mine: true },
        deeds: [
          { do: 'approve', words: '同意' },
          { do: 'reject', words: '拒绝' },
        ],
      },
    ])
    expect(seenBy(zhang, request())).toMatchObject([
      { words: '等王经理处理', mine: false, deeds: [{ do: 'withdraw', words: '撤销' }] },
    ])
    expect(seenBy(zhao, request())).toEqual([])
  })

  it('are those of the app the phone shows', () => {
    expect(seenBy(wang, request({ platform: 'dingtalk' }))).toEqual([])
    expect(seenBy(wang && { ...wang, uses: 'dingtalk' }, request({ platform: 'dingtalk' }))).toHaveLength(1)
  })

  it('keep the last approved ones, so that they can be taken back, and nothing else that is over', () => {
    const over = (['rejected', 'withdrawn', 'revoked', 'deleted'] as const).map(status =>
      request({ status, deciders: [] }),
    )
    const approved = ['a', 'b', 'c'].map(id => request({ id, status: 'approved', deciders: [] }))
    expect(seenBy(zhang, ...over, ...approved)).toMatchObject([
      { id: 'a', words: '已通过', deeds: [{ do: 'revoke', words: '撤销' }] },
      { id: 'b' },
    ])
  })

  it('who asks and decides himself sees it once', () => {
    expect(seenBy(zhang, request({ deciders: ['zhang3'] })).map(({ deeds }) => deeds.map(deed => deed.do))).toEqual([
      ['approve', 'reject', 'withdraw'],
    ])
  })

  it('are counted in few words', () => {
    expect(summaryOf(seenBy(wang, request(), request({ id: 'r2' })))).toBe('2 张等你处理')
    expect(summaryOf(seenBy(zhang, request()))).toBe('我的 1 张')
  })
})
