import { expect, it } from 'vitest'
import type { z } from 'zod'
import { policySchema } from '../../src/policy/schema.ts'
import { textOf } from './pages.ts'

/** Whatever may be written into a policy is in its reference, in Chinese and in English. */

/** Names of all settings of a schema, wherever they are; names people make up themselves (of posts, items …) are none. */
function keysOf(schema: z.core.$ZodType, seen = new Set<z.core.$ZodType>()): Set<string> {
  const found = new Set<string>()
  const into = (inner: z.core.$ZodType | undefined) => {
    if (!inner || seen.has(inner)) return
    seen.add(inner)
    for (const key of keysOf(inner, seen)) found.add(key)
  }
  const { def } = (schema as z.core.$ZodTypes)._zod
  if (def.type === 'object')
    for (const [key, inner] of Object.entries(def.shape)) {
      found.add(key)
      into(inner)
    }
  if (def.type === 'array') into(def.element)
  if (def.type === 'record') into(def.valueType)
  if (def.type === 'tuple') for (const inner of def.items) into(inner)
  if (def.type === 'union') for (const inner of def.options) into(inner)
  if (def.type === 'intersection') [def.left, def.right].forEach(into)
  if (def.type === 'pipe') [def.in, def.out].forEach(into)
  if ('innerType' in def) into(def.innerType as z.core.$ZodType)
  if (def.type === 'lazy') into(def.getter())
  return found
}

const [chinese = '', english = ''] = textOf('docs/policies.md').split('\n---\n')
/** As a setting: in code, in a table, or before a colon. */
const names = (text: string, key: string) => new RegExp(`(?<!\\w)${key}(?!\\w)`).test(text)
const keys = [...keysOf(policySchema)].sort()

it('knows the settings, deep ones too', () => {
  expect(keys.length).toBeGreaterThan(150)
  expect(keys).toEqual(
    expect.arrayContaining(['clocks', 'within', 'perAbsence', 'redistribute', 'insteadOfExchange', 'undo']),
  )
})

it.each([
  ['Chinese', chinese],
  ['English', english],
])('each is explained in %s', (_, text) => {
  expect(text.length).toBeGreaterThan(10_000)
  expect(keys.filter(key => !names(text, key))).toEqual([])
})
