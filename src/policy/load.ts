import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument, visit } from 'yaml'
import type { z } from 'zod'
import { Invalid } from '../errors.ts'
import { calendarOf } from './business.ts'
import { dueFrom } from './limit.ts'
import { type Policy, policySchema } from './schema.ts'
import { Policies } from './versions.ts'

interface Problem {
  path: string
  message: string
}

type Read = { policy: Policy } | { problems: Problem[] }

/**
 * Reads a policy from the text of a yaml file; `file` names it in messages, `zone` is for one that names none.
 * Throws `Invalid` with every problem at once, each as `default.yaml:14 clocks[1].within: …`.
 */
export function readPolicy(text: string, file: string, zone?: string): Policy {
  const read = tryRead(text, file, zone)
  if ('policy' in read) return read.policy
  throw invalid(read.problems)
}

/** All policies (`*.yaml`) of a folder; `zone` is for those that name none. Throws `Invalid` with the problems of all files. */
export function loadPacks(dir: string, zone?: string): Policies {
  const packs = new Policies(zone)
  const problems: Problem[] = []
  for (const file of readdirSync(dir)
    .filter(name => /\.ya?ml$/.test(name))
    .sort()) {
    const text = readFileSync(join(dir, file), 'utf8')
    const read = tryRead(text, file, zone)
    if ('problems' in read) {
      problems.push(...read.problems)
      continue
    }
    const objection = packs.objection(read.policy)
    if (objection) problems.push({ path: file, message: objection })
    else packs.put(packs.from(read.policy, text))
  }
  if (problems.length > 0) throw invalid(problems)
  return packs
}

/**
 * The packs that come along, each read when it is first asked for: most are never used in one place, and reading all of
 * them takes as long as starting the rest. Each is in a file of its name, and tested.
 */
export function ownPacks(dir: string, zone?: string): Policies {
  const packs = new Policies(zone)
  for (const file of readdirSync(dir).filter(name => name.endsWith('.yaml'))) {
    const name = file.slice(0, -'.yaml'.length)
    packs.later(name, () => {
      const text = readFileSync(join(dir, file), 'utf8')
      const read = tryRead(text, file, zone)
      if ('problems' in read) throw invalid(read.problems)
      if (read.policy.name !== name) throw new Invalid(`${file} names another policy: ${read.policy.name}`)
      return packs.from(read.policy, text)
    })
  }
  return packs
}

/** A text as it stands, before it is read as a policy: to see what two of them have not in common. @throws Invalid */
export function rawPolicy(text: string): unknown {
  const document = parseDocument(text, { prettyErrors: false })
  const fault = aliasFault(document)
  if (fault) throw new Invalid(fault.message)
  return document.toJS()
}

/** Repeats (`*a`) that come to a text of their own. Few do; a thousand of a thousand are no rule book. */
const mostAliases = 100

/** A repeat of what is not there, of what it is in itself, or of so much that no memory holds it. */
function aliasFault(document: Document): { offset: number; message: string } | null {
  let fault: { offset: number; message: string } | null = null
  visit(document, {
    Alias(_, alias, path) {
      const offset = alias.range?.[0] ?? 0
      const meant = alias.resolve(document)
      if (!meant) fault = { offset, message: `*${alias.source} repeats what is nowhere named above it` }
      else if (path.includes(meant)) fault = { offset, message: `*${alias.source} repeats what it is a part of` }
      return fault ? visit.BREAK : undefined
    },
  })
  if (fault) return fault
  try {
    document.toJS({ maxAliasCount: mostAliases })
    return null
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error
    return { offset: 0, message: `repeats (*) come to more than ${mostAliases} times what is written: write them out` }
  }
}

/** The line of a text on which a setting begins, else the nearest thing around it. */
export function lineOf(text: string, path: readonly PropertyKey[]): number {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  return lines.linePos(offsetOf(document, path)).line
}

function invalid(problems: readonly Problem[]): Invalid {
  return new Invalid(problems.map(({ path, message }) => `${path}: ${message}`).join('\n'), problems)
}

function tryRead(text: string, file: string, zone?: string): Read {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const faults = [...document.errors, ...document.warnings]
  if (faults.length > 0)
    return { problems: faults.map(({ pos, message }) => ({ path: `${file}:${lines.linePos(pos[0]).line}`, message })) }
  const repeated = aliasFault(document)
  if (repeated)
    return { problems: [{ path: `${file}:${lines.linePos(repeated.offset).line}`, message: repeated.message }] }
  const given: unknown = document.toJS()
  const zoned = zone && typeof given === 'object' ? { zone, ...given } : given
  const read = policySchema.safeParse(zoned)
  const found = read.success ? unreachable(read.data) : read.error.issues.flatMap(issue => told(issue))
  if (read.success && found.length === 0) return { policy: read.data }
  const problems = found.map(({ path, message }) => {
    const line = lines.linePos(offsetOf(document, path)).line
    return { line, path: [`${file}:${line}`, written(path)].filter(Boolean).join(' '), message }
  })
  return { problems: problems.sort((a, b) => a.line - b.line).map(({ path, message }) => ({ path, message })) }
}

/** The largest order that comes in (`units`). */
const mostUnits = 999

/** Limits that the calendar never comes to the end of: found here, they can't stop a clock on a working day. */
function unreachable(policy: Policy): Array<{ path: PropertyKey[]; message: string }> {
  const calendar = calendarOf(policy)
  return policy.clocks.flatMap(({ limit }, index) => {
    const key = limit.form === 'workdays' ? 'workdays' : limit.form === 'timeOfDay' ? 'until' : 'within'
    try {
      dueFrom(limit, new Date(Date.UTC(2026, 0, 1)), calendar, mostUnits)
      return []
    } catch (error) {
      if (error instanceof Invalid)
        return [{ path: ['clocks', index, key], message: `is never over: ${error.message}` }]
      throw error
    }
  })
}

function told(issue: z.core.$ZodIssue): Array<{ path: PropertyKey[]; message: string }> {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({
      path: [...issue.path, key],
      message: 'is no setting of this version: check its spelling',
    }))
  if (issue.code === 'invalid_union') {
    // The member that got furthest into the value is the one that was meant.
    const [nearest] = [...issue.errors].sort((a, b) => depth(b) - depth(a))
    if (nearest && depth(nearest) > 0)
      return nearest
        .flatMap(inner => told(inner))
        .map(({ path, message }) => ({ path: [...issue.path, ...path], message }))
    const custom = issue.errors.flat().find(inner => inner.code === 'custom')
    return [{ path: issue.path, message: custom?.message ?? issue.message }]
  }
  const missing = issue.code === 'invalid_type' && issue.input === undefined
  const required = issue.message.startsWith('Invalid input') && missing
  return [{ path: issue.path, message: required ? 'is missing' : issue.message }]
}

const depth = (issues: readonly z.core.$ZodIssue[]): number =>
  Math.max(0, ...issues.map(issue => issue.path.length + (issue.code === 'unrecognized_keys' ? 1 : 0)))

const written = (path: readonly PropertyKey[]): string =>
  path
    .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index > 0 ? '.' : ''}${String(step)}`))
    .join('')

/** Where a path begins in the file: at its key, else at the nearest thing around it that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents
  let found = 0
  for (const step of path) {
    if (isAlias(node)) node = node.resolve(document)
    if (isMap(node)) {
      // A key may be written as a number: `weekdays: { 6: … }`.
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step))
      if (!pair) return found
      found = isNode(pair.key) ? (pair.key.range?.[0] ?? found) : found
      node = pair.value
    } else if (isSeq(node) && typeof step === 'number') {
      node = node.items[step]
      if (!isNode(node)) return found
      found = node.range?.[0] ?? found
    } else return found
  }
  return found
}
