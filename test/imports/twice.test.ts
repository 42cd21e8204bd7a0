import { expect, it } from 'vitest'
import { openApps } from '../support/pair.ts'
import { token } from '../support/process.ts'
import { orders, type Preview } from './help.ts'

const headers = { Authorization: `Bearer ${token}` }
const rows = Array.from({ length: 600 }, (_, n) => `王女士,13800001234,花园路${n}号,不制冷`)
const file = ['客户,电话,地址,故障', ...rows].join('\n')

it('two instances asked at the very same time import a table once, and the same file sent to both once', async () => {
  const pair = await openApps({ at: '2026-11-24T09:00:00+08:00', bot: false })
  try {
    const [one, two] = pair.instances
    const preview = async (url: string) => {
      const answer = await fetch(`${url}/api/v1/imports?${new URLSearchParams(orders)}`, {
        ...{ method: 'POST', body: file, headers: { ...headers, 'Content-Type': 'text/csv' } },
      })
      return ((await answer.json()) as Preview).id
    }
    const confirm = async (url: string, id: string) => {
      const answer = await fetch(`${url}/api/v1/imports/${id}/confirm`, { method: 'POST', headers })
      return { status: answer.status, body: (await answer.json()) as Preview }
    }
    // Both previews were made before either was confirmed.
    const [first, second] = [await preview(one.url), await preview(two.url)]
    const asked = [confirm(one.url, first), confirm(two.url, first), confirm(two.url, second), confirm(one.url, second)]
    const answers = await Promise.all(asked)
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expect(answers[1]?.body).toEqual(answers[0]?.body)
    expect(answers[3]?.body).toEqual(answers[2]?.body)
    const results = [answers[0]?.body.result, answers[2]?.body.result]
    expect(results.map(result => [result?.imported, result?.skipped]).sort()).toEqual([
      [0, 600],
      [600, 0],
    ])
    const codes = await pair.db.prisma.order.findMany({ select: { code: true } })
    expect([codes.length, new Set(codes.map(({ code }) => code)).size]).toEqual([600, 600])
    expect(pair.errors()).toEqual([])
  } finally {
    await pair.close()
  }
})
