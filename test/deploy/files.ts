import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseAllDocuments, parse as parseYaml } from 'yaml'
import { projectRoot } from '../../src/root.ts'

/** What lies in deploy/ for whoever installs the service, read as the programs do that it is for. */

export const text = (path: string): string => readFileSync(join(projectRoot, path), 'utf8')

export function filesBelow(path: string): string[] {
  if (!statSync(join(projectRoot, path)).isDirectory()) return [path]
  return readdirSync(join(projectRoot, path)).flatMap(name => filesBelow(`${path}/${name}`))
}

export interface Compose {
  services: Record<
    string,
    { environment?: Record<string, string>; stop_grace_period?: string; ports?: string[]; [more: string]: unknown }
  >
  volumes: Record<string, unknown>
}
export const compose = parseYaml(text('deploy/compose.yaml')) as Compose

export interface Manifest {
  kind: string
  metadata: { name: string; annotations?: Record<string, string> }
  data?: Record<string, string>
  spec?: Record<string, unknown>
}
export const manifests = parseAllDocuments(text('deploy/kubernetes/paigong.yaml')).map(document => {
  if (document.errors.length > 0) throw document.errors[0]
  return document.toJS() as Manifest
})
export function manifest(kind: string, name = 'paigong'): Manifest {
  const found = manifests.find(one => one.kind === kind && one.metadata.name === name)
  if (!found) throw new Error(`there is no ${kind} ${name}`)
  return found
}

/** What is at a path of keys. @throws where nothing is */
export function at(value: unknown, ...path: Array<string | number>): unknown {
  return path.reduce((inner: unknown, key) => {
    const next = (inner as Record<string | number, unknown> | null | undefined)?.[key]
    if (next === undefined) throw new Error(`nothing at ${path.join('.')}`)
    return next
  }, value)
}

/** Lines of a unit: section → key → values, in their order. */
export function unit(path: string): Map<string, Map<string, string[]>> {
  const sections = new Map<string, Map<string, string[]>>()
  let open = new Map<string, string[]>()
  for (const line of text(path).split('\n')) {
    const section = /^\[(\w+)\]$/.exec(line)?.[1]
    const [, key, value] = /^([A-Z]\w*)=(.*)$/.exec(line) ?? []
    if (section) {
      open = new Map()
      sections.set(section, open)
    } else if (key !== undefined && value !== undefined) open.set(key, [...(open.get(key) ?? []), value])
    else if (line !== '' && !line.startsWith('#')) throw new Error(`${path}: what is ${line}?`)
  }
  return sections
}

export interface Alert {
  alert: string
  expr: string
  labels: Record<string, string>
  annotations: Record<string, string>
}
export const alerts = (
  at(parseYaml(text('deploy/prometheus/alerts.yaml')), 'groups') as Array<{ rules: Alert[] }>
).flatMap(({ rules }) => rules)

export interface Panel {
  id: number
  title: string
  gridPos: { x: number; y: number; w: number; h: number }
  targets: Array<{ expr: string; refId: string }>
}
export const dashboard = JSON.parse(text('deploy/grafana/paigong.json')) as {
  uid: string
  panels: Panel[]
  templating: { list: Array<{ name: string; query: string | { query: string } }> }
}

/** A block of nginx: `location = /x { … }`, or a line with no block. */
export interface Directive {
  words: string[]
  block: Directive[] | null
}

export function nginx(source: string): Directive[] {
  const tokens = source.replaceAll(/#.*$/gm, '').match(/"[^"]*"|[{};]|[^\s{};]+/g) ?? []
  let next = 0
  function block(inner: boolean): Directive[] {
    const found: Directive[] = []
    let words: string[] = []
    for (; next < tokens.length; next++) {
      const token = tokens[next] ?? ''
      if (token === ';') {
        found.push({ words, block: null })
        words = []
      } else if (token === '{') {
        next++
        found.push({ words, block: block(true) })
        words = []
      } else if (token === '}') {
        if (!inner || words.length > 0) throw new Error(`a } too many, or a ; too few: ${words.join(' ')}`)
        return found
      } else words.push(token)
    }
    if (inner || words.length > 0) throw new Error(`a } or ; too few: ${words.join(' ')}`)
    return found
  }
  return block(false)
}
