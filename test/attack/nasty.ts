import fc from 'fast-check'

/** Tag that must never come back as one: whoever wrote it would run in a reader's page. */
export const planted = '<fuzz onerror=alert(1)>'

/** What has broken other programs: markup, formulas, templates, paths, control characters, numbers that are none. */
const known = [
  ...[planted, `"><script>${planted}</script>`, '\'; DROP TABLE "Order"; --', '{{7*7}}<%= 7*7 %>', '%s%n%x'],
  ...['=HYPERLINK("http://evil.example","x")', '+1+1|cmd', '@SUM(A1)', '[x](javascript:alert(1))', '<@all>', '@所有人'],
  ...['../../../../etc/passwd', '..%2f..%2f.env', '/\\evil.example', 'file:///etc/passwd', '\r\nX-Fuzz: 1\r\n\r\n'],
  ...['__proto__', 'constructor', 'toString', 'null', 'undefined', 'NaN', '-0', '1e309', '0x10', '９９９', '٣'],
  ...[
    '\u0000',
    '\ud800',
    '\udfff x',
    '\u202e倒过来',
    '\u200b',
    'é'.normalize('NFD'),
    '👨‍👩‍👧‍👦',
    '𠮷',
    '﷽',
    '  ',
    '\t\n',
  ],
  ...['1970-01-01', '9999-12-31', '2026-02-30', '2026-13', '0000-00-00', '2026-11-24T25:61:61+99:99', '+010000-01-01'],
  ...['00000000-0000-0000-0000-000000000000', '9007199254740993', '-1', '1.005', '999999999999999999999'],
  ...['接单', '完工 换了电容 300元', '单 1001', '13800001234', 'a'.repeat(5_000), '长'.repeat(2_100)],
]

export const nastyText: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: fc.constantFrom(...known), weight: 5 },
  { arbitrary: fc.string({ unit: 'binary', maxLength: 40 }), weight: 2 },
  { arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }), weight: 1 },
  { arbitrary: fc.integer().map(String), weight: 1 },
)

const nastyNumber = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -1, 1.5, 1e21, 2 ** 53, -(2 ** 31)))

/** Any JSON there is, with nasty texts in it. */
export const nastyJson: fc.Arbitrary<unknown> = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    nastyText,
    nastyNumber,
    fc.constantFrom(null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(nastyText, tie('value'), { maxKeys: 4 }),
  ),
})).value

export interface Schema {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  const?: unknown
  format?: string
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  required?: string[]
}

/** Looks a reference up in the document it is of. */
export type Look = (ref: string) => Schema

/** What formats ask for, right in form. */
const formats: Record<string, fc.Arbitrary<string>> = {
  uuid: fc.uuid(),
  date: fc.constantFrom('2026-11-24', '2026-10-31', '2027-02-28'),
  'date-time': fc.constantFrom('2026-11-24T01:00:00Z', '2026-11-25T09:30:00+08:00'),
  uri: fc.constantFrom('https://example.com/x', 'http://127.0.0.1/', 'http://[::1]:5432/', 'ftp://example.com'),
}

/**
 * Nearly what a schema asks for: mostly right in form, so that it comes past the first check, and each part wrong now and
 * then. `pool`: texts that name something there is.
 */
export function nearly(schema: Schema, look: Look, pool: fc.Arbitrary<string>, depth = 0): fc.Arbitrary<unknown> {
  const junk = { arbitrary: nastyJson, weight: 1 }
  const mostly = (right: fc.Arbitrary<unknown>) => fc.oneof({ arbitrary: right, weight: 24 }, junk)
  const { $ref, anyOf, oneOf, allOf } = schema
  if (depth > 6) return fc.constant(null)
  const deeper = (one: Schema) => nearly(one, look, pool, depth + 1)
  if ($ref) return deeper(look($ref))
  const several = anyOf ?? oneOf
  if (several) return fc.oneof(...several.map(deeper))
  if (allOf) return fc.tuple(...allOf.map(deeper)).map(all => Object.assign({}, ...all.filter(isObject)))
  if (schema.const !== undefined) return mostly(fc.constant(schema.const))
  if (schema.enum) return mostly(fc.constantFrom(...schema.enum))
  const type = [schema.type].flat()[0]
  if (type === 'object') return mostly(object(schema, deeper))
  if (type === 'array') return mostly(fc.array(deeper(schema.items ?? {}), { maxLength: 4 }))
  if (type === 'number' || type === 'integer') return mostly(fc.oneof(fc.integer({ min: 0, max: 100 }), nastyNumber))
  if (type === 'boolean') return mostly(fc.boolean())
  if (type === 'string')
    return mostly(fc.oneof({ arbitrary: formats[schema.format ?? ''] ?? pool, weight: 4 }, pool, nastyText))
  return nastyJson
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

function object({ properties = {}, required = [] }: Schema, deeper: (one: Schema) => fc.Arbitrary<unknown>) {
  const fields = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, deeper(one)]))
  const right = fc.record(fields, { requiredKeys: required.filter(name => name in fields) })
  return fc
    .tuple(right, fc.option(fc.tuple(nastyText, nastyJson), { freq: 20 }))
    .map(([value, more]) => (more ? { ...value, [more[0]]: more[1] } : value))
}
