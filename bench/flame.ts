import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** A CPU profile as Node writes it (`--cpu-prof`), folded into one tree of functions. */

const profile = z.object({
  nodes: z.array(
    z.object({
      id: z.int(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.int() }),
      children: z.array(z.int()).optional(),
    }),
  ),
  samples: z.array(z.int()),
  timeDeltas: z.array(z.int()),
})
export type Profile = z.infer<typeof profile>

export interface Frame {
  name: string
  /** Milliseconds, with all that it calls. */
  total: number
  self: number
  children: Map<string, Frame>
}

type Named = Profile['nodes'][number]['callFrame']

function nameOf({ functionName, url }: Named): string {
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  const place =
    inPackage ??
    (url.endsWith('/probe.mjs') ? 'benchmark' : undefined) ??
    (url.startsWith('node:') ? 'node' : url.startsWith('wasm:') ? 'wasm' : url && 'service')
  return [functionName || '(anonymous)', place && `[${place}]`].filter(Boolean).join(' ')
}

/** Where nothing was done, or only the program itself. */
const nothing = new Set(['(idle)', '(program)', '(root)'])

/** The tree, without what stands for waiting; the same function called from the same place is one. */
export function fold({ nodes, samples, timeDeltas }: Profile): Frame {
  const byId = new Map(nodes.map(node => [node.id, node]))
  const parents = new Map(nodes.flatMap(node => (node.children ?? []).map(child => [child, node.id] as const)))
  const root: Frame = { name: 'all', total: 0, self: 0, children: new Map() }
  for (const [index, sample] of samples.entries()) {
    const ms = (timeDeltas[index] ?? 0) / 1_000
    const path: string[] = []
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const node = byId.get(id)
      if (node && node.callFrame.functionName !== '(root)') path.push(nameOf(node.callFrame))
    }
    if (path.length === 0 || nothing.has(path[0] ?? '')) continue
    root.total += ms
    let frame = root
    for (const name of path.reverse()) {
      const next: Frame = frame.children.get(name) ?? { name, total: 0, self: 0, children: new Map() }
      frame.children.set(name, next)
      next.total += ms
      frame = next
    }
    frame.self += ms
  }
  return root
}

/** The costliest functions, by what they do themselves and by what they call as well; in shares of all. */
export function costliest(
  root: Frame,
  most: number,
): { self: Array<[string, number]>; total: Array<[string, number]> } {
  const [self, total] = [new Map<string, number>(), new Map<string, number>()]
  const walk = (frame: Frame, above: ReadonlySet<string>) => {
    self.set(frame.name, (self.get(frame.name) ?? 0) + frame.self)
    // A function that calls itself is counted once.
    if (!above.has(frame.name)) total.set(frame.name, (total.get(frame.name) ?? 0) + frame.total)
    for (const child of frame.children.values()) walk(child, new Set([...above, frame.name]))
  }
  for (const child of root.children.values()) walk(child, new Set())
  const top = (found: ReadonlyMap<string, number>) =>
    [...found]
      .sort(([, a], [, b]) => b - a)
      .slice(0, most)
      .map(([name, ms]): [string, number] => [name, ms / root.total])
  return { self: top(self), total: top(total) }
}

const [width, line, smallest] = [1_200, 16, 0.003]
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const colors: ReadonlyArray<readonly [RegExp, string]> = [
  [/\[service\]/, '#f28e2b'],
  [/\[@prisma|wasm/, '#76b7b2'],
  [/\[pg|pglite/, '#4e79a7'],
  [/garbage/, '#bab0ac'],
]
const colorOf = (name: string) => colors.find(([pattern]) => pattern.test(name))?.[1] ?? '#edc948'

/** A flame graph: as wide as it takes time, callers below. What is too narrow to be seen is left out. */
export function drawFlames(root: Frame, title: string): string {
  const boxes: string[] = []
  let deepest = 0
  const draw = (frame: Frame, x: number, depth: number) => {
    const share = frame.total / root.total
    if (share < smallest) return
    deepest = Math.max(deepest, depth)
    const w = share * width
    const room = Math.floor(w / 6.2)
    const label = room > 3 ? escaped(frame.name.slice(0, room)) : ''
    const tip = `<title>${escaped(frame.name)} ${(share * 100).toFixed(1)} %</title>`
    const text = label && `<text x="${(x + 2).toFixed(1)}" y="${-depth * line - 4}">${label}</text>`
    boxes.push(
      `<g>${tip}<rect x="${x.toFixed(1)}" y="${-(depth + 1) * line}" width="${w.toFixed(1)}" height="${line - 1}" fill="${colorOf(frame.name)}"/>${text}</g>`,
    )
    let at = x
    for (const child of [...frame.children.values()].sort((a, b) => b.total - a.total)) {
      draw(child, at, depth + 1)
      at += (child.total / root.total) * width
    }
  }
  draw(root, 0, 0)
  const height = (deepest + 1) * line
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 ${-height - 24} ${width} ${height + 28}" font-family="monospace" font-size="10"><title>${escaped(title)}</title>`,
    `<rect y="${-height - 24}" width="${width}" height="${height + 28}" fill="#fff"/>`,
    `<text x="4" y="${-height - 8}" font-size="13">${escaped(title)}</text>`,
    ...boxes,
    '</svg>\n',
  ].join('\n')
}

/** Draws the profile that was left in a folder; returns the costliest functions as text. */
export function drawProfile(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const name = readdirSync(folder)
    .filter(file => file.endsWith('.cpuprofile'))
    .sort()
    .at(-1)
  if (!name) throw new Error(`there is no profile in ${folder}`)
  const root = fold(profile.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
  writeFileSync(join(folder, 'flames.svg'), drawFlames(root, 'CPU time of the service while callbacks come in'))
  const { self, total } = costliest(root, 15)
  const table = (head: string, rows: ReadonlyArray<[string, number]>) => [
    `| ${head} | share |`,
    '| --- | --- |',
    ...rows.map(([what, share]) => `| ${what} | ${(share * 100).toFixed(1)} % |`),
  ]
  return [...table('by itself', self), '', ...table('with what it calls', total)].join('\n')
}
