import { expect, it } from 'vitest'
import { costliest, drawFlames, fold, type Profile } from '../../bench/flame.ts'

const frame = (functionName: string, url = '') => ({ functionName, url, lineNumber: 0 })
const profile: Profile = {
  nodes: [
    { id: 1, callFrame: frame('(root)'), children: [2, 5, 6] },
    { id: 2, callFrame: frame('receive', 'file:///a/dist/server/main.js'), children: [3] },
    { id: 3, callFrame: frame('query', 'file:///a/node_modules/pg/lib/client.js'), children: [4] },
    { id: 4, callFrame: frame('query', 'file:///a/node_modules/pg/lib/client.js') },
    { id: 5, callFrame: frame('(idle)') },
    { id: 6, callFrame: frame('a<b', 'node:net') },
  ],
  samples: [2, 3, 4, 5, 6],
  timeDeltas: [1_000, 2_000, 3_000, 90_000, 4_000],
}

it('folds a profile into one tree without the time nothing was done', () => {
  const root = fold(profile)
  expect(root.total).toBe(10)
  const { self, total } = costliest(root, 3)
  // Which calls itself: once in the total, all of it in what it does itself.
  expect(self).toEqual([
    ['query [pg]', 0.5],
    ['a<b [node]', 0.4],
    ['receive [service]', 0.1],
  ])
  expect(total).toEqual([
    ['receive [service]', 0.6],
    ['query [pg]', 0.5],
    ['a<b [node]', 0.4],
  ])
})

it('draws it', () => {
  const svg = drawFlames(fold(profile), 'all of it')
  expect(svg).toContain('<title>query [pg] 50.0 %</title>')
  expect(svg).toContain('<title>a&lt;b [node] 40.0 %</title>')
  expect(svg).not.toContain('idle')
})
