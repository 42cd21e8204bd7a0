import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { projectRoot } from '../../src/root.ts'
import type { SandboxMessage } from '../../src/sandbox/wire.ts'
import { Desk } from '../console/desk.ts'
import { onBoth } from '../support/shop.ts'

/** What customers say, wherever it is shown: words, never markup, a mention, a link or a formula. */

const nasty =
  '<a href="https://evil.example">领奖</a><@all><img src=x onerror=alert(1)>[点我](https://evil.example) $userName=zhangsan$ **大** `x`'
const formula = '=HYPERLINK("https://evil.example","点我")'
/** What would come alive: on WeCom in a text or a card, in markdown links as well; on DingTalk in markdown, which a title is not. */
function alive({ body }: SandboxMessage): string[] {
  const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([one]) => one)
  if (body.kind === 'dingcard')
    return found(JSON.stringify({ ...body.card, title: '' }), /<(?:a|img|font)\b[^>]{0,20}|\]\(https:..evil/g)
  if (body.kind === 'markdown') return found(JSON.stringify(body), /<(?:a|img|font|@)[^>]{0,20}|\]\(https:..evil/g)
  return found(JSON.stringify(body), /<a href|<img|<@all>|<font|\$userName=/g)
}

describe('words of customers', () => {
  onBoth((story, on) => {
    it('are words in every card, message and list, in the group and in a table', async () => {
      const { world } = story
      const customer = {
        name: `王${nasty}`.slice(0, 60),
        phone: '13800001234',
        address: `花园路38号${nasty}`.slice(0, 120),
      }
      const product = { brand: nasty.slice(0, 40), model: nasty.slice(0, 40), serial: 'S1' }
      const wanted = { team: '一班', kind: 'repair', fault: nasty, customer, product, urgent: true, assign: '张三' }
      const { status, body } = await world.api<{ code: string }>('POST', '/orders', wanted)
      expect(status).toBe(201)
      const { code } = body
      await world.zhang.says(`接单 ${code}`)
      await world.zhang.says(`挂起 ${code} 等配件 ${nasty}`)
      await world.zhang.says(`恢复 ${code}`)
      await world.zhang.says(`单 ${code}`)
      await world.zhang.says('我的单')
      await world.zhao.says('今日')
      await world.zhang.says(`完工 ${code} ${nasty}`)
      await world.zhao.says(`回访 ${code} 不满意 ${nasty}`)
      const said = world.sandbox.state().messages.filter(({ from }) => from.kind !== 'person')
      expect(said.length).toBeGreaterThan(8)
      expect(JSON.stringify(said)).toContain('领奖')
      // DingTalk makes nothing of a text.
      const read = said.filter(({ body }) => on === 'wecom' || body.kind !== 'text')
      expect(read.length).toBeGreaterThan(1)
      expect(read.flatMap(alive)).toEqual([])
      world.ignore()
    })

    it('are no formulas in what an export writes', async () => {
      const { world } = story
      const customer = { name: formula, phone: '13800001234', address: '+cmd|x' }
      const { status } = await world.api('POST', '/orders', {
        team: '一班',
        kind: 'repair',
        fault: '@SUM(1)',
        customer,
      })
      expect(status).toBe(201)
      world.ignore()
      const wang = await Desk.open(world, 'wangjingli')
      const { id: team } = await world.db.prisma.team.findFirstOrThrow({ where: { name: '一班' } })
      const table = await wang.browser.get(`/console/api/exports/orders?team=${team}&format=csv`)
      expect(table.status).toBe(200)
      const cells = table.text.split(/[,\r\n]/)
      expect(table.text).toContain('HYPERLINK')
      expect(cells.filter(cell => /^"?[=+@\t]/.test(cell) || /^"?-(?!\d)/.test(cell))).toEqual([])
    })
  })
})

describe('pages', () => {
  const sources = (folder: string): string[] =>
    readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap(entry => {
      const path = `${folder}/${entry.name}`
      return entry.isDirectory() ? sources(path) : /\.(vue|ts)$/.test(entry.name) ? [path] : []
    })

  it('put no text into a page as markup', () => {
    const pages = sources('src/web')
    expect(pages.length).toBeGreaterThan(150)
    const raw = /v-html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|new Function|\beval\(/
    expect(pages.filter(path => raw.test(readFileSync(join(projectRoot, path), 'utf8')))).toEqual([])
  })
})
