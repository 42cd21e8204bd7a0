import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import Koa from 'koa'
import { expect, it } from 'vitest'
import { Refusal, Temporary } from '../../src/errors.ts'
import { problems } from '../../src/http/problem.ts'
import { problemWords } from '../../src/web/shared/problemwords.ts'
import { StoryLog } from '../support/storylog.ts'

/** What somebody reads on a page when `error` is what his request came to. */
async function read(error: Error): Promise<string> {
  const app = new Koa().use(problems(new StoryLog())).use(() => {
    throw error
  })
  const server = app.listen(0, '127.0.0.1')
  await once(server, 'listening')
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    return problemWords(answer.status, await answer.json())
  } finally {
    server.close()
  }
}

const english = /[a-z]{3,}/i

it('tells people in Chinese what is broken, and what to do', async () => {
  const away = await read(Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }))
  expect(away).toContain('连不上数据库')
  expect(away).not.toMatch(english)
  const bug = await read(new Error('x is undefined'))
  expect(bug).toContain('请管理员看服务的日志')
  expect(bug).not.toMatch(english)
})

it('says what the platform said, and whose words they are', async () => {
  expect(await read(new Temporary('timeout', 'no answer in time'))).toBe(
    '平台没有办成，请稍后再试。原因：no answer in time',
  )
})

it('leaves what one may not do as the service says it', async () => {
  expect(await read(new Refusal('unknown', '找不到这张单，可能已经删除。'))).toBe('找不到这张单，可能已经删除。')
})

it('has a sentence for what stands before the service, which says nothing itself', () => {
  expect(problemWords(502, null)).toContain('请过一会儿再试')
  expect(problemWords(404, null)).toContain('404')
})
