import { expect, it } from 'vitest'
import { pretty } from '../../src/web/sandbox/pretty.ts'

it('indents JSON and leaves broken JSON as it came', () => {
  expect(pretty('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}')
  expect(pretty('{"a":')).toBe('{"a":')
})

it('indents XML, keeping text beside its tag', () => {
  const xml = '<xml><A><![CDATA[一<b>]]></A><B><C>1</C><D/></B><E></E></xml>'
  expect(pretty(xml)).toBe(
    ['<xml>', '  <A><![CDATA[一<b>]]></A>', '  <B>', '    <C>1</C>', '    <D/>', '  </B>', '  <E></E>', '</xml>'].join(
      '\n',
    ),
  )
})

it('leaves anything else alone', () => {
  expect(pretty('ok')).toBe('ok')
})

it('keeps request and answer apart', () => {
  expect(pretty('<a>1</a>\n\n→ {"b":2}')).toBe('<a>1</a>\n\n→ {\n  "b": 2\n}')
})

it('opens JSON that stands in JSON as text', () => {
  const inner = JSON.stringify({ text: '[看](x)', sys: JSON.stringify({ b: [] }) })
  expect(JSON.parse(pretty(JSON.stringify({ msgParam: inner, other: '{"broken' })))).toEqual({
    msgParam: { text: '[看](x)', sys: { b: [] } },
    other: '{"broken',
  })
})
