import { expect, it } from 'vitest'
import { committed, linksIn, textOf } from './pages.ts'

/** Who looks for a page finds it: from either beginning to the index, and from there to every one. */

const pages = [...committed()].filter(path => /^docs\/[^/]+\.md$/.test(path) && path !== 'docs/README.md')

it('every page is in the index of the documentation', () => {
  expect(pages.length).toBeGreaterThan(10)
  const listed = new Set(linksIn(textOf('docs/README.md')).map(({ to }) => `docs/${to.split('#')[0]}`))
  expect(pages.filter(path => !listed.has(path))).toEqual([])
})

it.each(['README.md', 'README.zh-CN.md'])('the index is linked from %s', readme => {
  expect(linksIn(textOf(readme)).map(({ to }) => to)).toContain('docs/README.md')
})

/** `docs/wecom.md 第 9 节`, as the doctor says it. */
const section = /docs\/([\w-]+\.md)[）)]? 第 (\d+) 节|\[[\w.-]+\]\(([\w-]+\.md)\) 第 (\d+) 节/g

it('sections that are named by their number are there', () => {
  const sources = [...committed()].filter(path => /^(src|docs)\/.*\.(ts|vue|md)$/.test(path))
  const named = sources.flatMap(path =>
    [...textOf(path).matchAll(section)].map(([, one, n, other, m]) => ({
      path,
      page: `docs/${one ?? other}`,
      nr: n ?? m,
    })),
  )
  expect(named.length).toBeGreaterThan(3)
  expect(named.filter(({ page, nr }) => !new RegExp(`^## ${nr}\\. `, 'm').test(textOf(page)))).toEqual([])
})
