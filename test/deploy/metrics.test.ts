import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../src/http/metrics.ts'
import { eachStory, givenOrder } from '../support/shop.ts'
import { alerts, dashboard, text } from './files.ts'

const queries = dashboard.templating.list.map(({ query }) => (typeof query === 'string' ? query : query.query))
const expressions = [
  ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => ({ where: title, expr }))),
  ...alerts.map(({ alert, expr }) => ({ where: alert, expr })),
  ...queries.map(expr => ({ where: 'variable', expr })),
]
const namesIn = (expr: string): string[] => [...expr.matchAll(/\bpaigong_\w+/g)].map(([name]) => name)

/** Names Prometheus stores for what `/metrics` prints: a histogram's are three. */
function storedNames(printed: string): Set<string> {
  const types = [...printed.matchAll(/^# TYPE (\S+) (\w+)$/gm)]
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? ['_bucket', '_sum', '_count'].map(end => name + end) : [name],
    ),
  )
}

describe('a running service', () => {
  const story = eachStory({ on: 'dingtalk' })

  it('every metric of the dashboard and the alerts is one the service prints, with the labels it has', async () => {
    const { world } = story
    await givenOrder(world)
    const printed = await (await fetch(`${world.url}/metrics`)).text()
    const stored = storedNames(printed)
    const used = new Set(expressions.flatMap(({ expr }) => namesIn(expr)))
    expect([...used].filter(name => !stored.has(name))).toEqual([])
    // Every one of its own is looked at by somebody; those of Node there are many.
    const own = [...stored].filter(name => !/^paigong_(nodejs|process)_/.test(name) && !/_sum$/.test(name))
    expect(own.length).toBeGreaterThan(8)
    expect(own.filter(name => !used.has(name))).toEqual([])

    const labels = new Map<string, readonly string[]>()
    for (const metric of createMetrics().registry.getMetricsAsArray() as Array<{ name: string; labelNames?: string[] }>)
      for (const end of ['', '_bucket', '_sum', '_count']) labels.set(metric.name + end, metric.labelNames ?? [])
    for (const { where, expr } of expressions)
      for (const [, name = '', selector = ''] of expr.matchAll(/\b(paigong_\w+)\{([^}]*)\}/g)) {
        const asked = [...selector.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label)
        const known = ['job', 'instance', 'le', ...(labels.get(name) ?? [])]
        expect(
          asked.filter(label => !known.includes(label)),
          `${where}: ${expr}`,
        ).toEqual([])
      }
    // The values of labels that are looked for are printed, too.
    const values = expressions.flatMap(({ expr }) =>
      [...expr.matchAll(/\b(status|state)="(\w+)"/g)].map(([all]) => all),
    )
    expect(values.length).toBeGreaterThan(4)
    expect(values.filter(value => !printed.includes(value))).toEqual([])
    expect(printed).toMatch(/paigong_platform_call_seconds_count\{[^}]*outcome="ok"/)
    await world.zhang.says('接单')
    world.ignore()
  })
})

it('expressions are whole, and alerts say what to do', () => {
  for (const { where, expr } of expressions) {
    expect(balanced(expr.replaceAll('${', '{')), where).toBe(true)
    expect(expr, where).not.toMatch(/\$(?!job\b|\{datasource\})/)
  }
  expect(new Set(alerts.map(({ alert }) => alert)).size).toBe(alerts.length)
  for (const { alert, labels, annotations } of alerts) {
    expect(['critical', 'warning'], alert).toContain(labels.severity)
    expect(annotations.summary?.length, alert).toBeGreaterThan(20)
    expect(annotations.action?.length, alert).toBeGreaterThan(20)
  }
  // The handbook has a word on each.
  for (const file of ['docs/operations.md', 'docs/operations.zh-CN.md'])
    expect(
      alerts.map(({ alert }) => alert).filter(alert => !text(file).includes(alert)),
      file,
    ).toEqual([])
})

it('panels of the dashboard have an id each and do not cover each other', () => {
  const { panels } = dashboard
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  for (const one of panels) {
    const { x, y, w, h } = one.gridPos
    expect(x + w).toBeLessThanOrEqual(24)
    const over = panels.filter(
      ({ id, gridPos }) =>
        id !== one.id &&
        gridPos.x < x + w &&
        x < gridPos.x + gridPos.w &&
        gridPos.y < y + h &&
        y < gridPos.y + gridPos.h,
    )
    expect(
      over.map(({ title }) => title),
      one.title,
    ).toEqual([])
    expect(new Set(one.targets.map(({ refId }) => refId)).size).toBe(one.targets.length)
  }
})

function balanced(expr: string): boolean {
  const open: string[] = []
  const pairs: Record<string, string> = { ')': '(', '}': '{', ']': '[' }
  for (const sign of expr.replaceAll(/"[^"]*"/g, '')) {
    if ('({['.includes(sign)) open.push(sign)
    else if (sign in pairs && open.pop() !== pairs[sign]) return false
  }
  return open.length === 0
}
