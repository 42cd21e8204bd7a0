import { readFileSync } from 'node:fs'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'

// The file a shop imports into DingTalk's card platform says everything twice: in the builder's own data, and in the
// layout compiled from it. Both must hold the same card.

type Node = { componentName: string; id: string; props: object; children?: Node[] }
type Element = { name: string; attributes: Record<string, string>; children: Element[] }
type Raw = { [name: string]: Raw[] } & { ':@'?: Record<string, string> }

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const text = read('deploy/dingtalk-card.json')
const file = JSON.parse(text)
const editor = JSON.parse(file.editorData)

const numbers = [1, 2, 3, 4, 5, 6]
const names = [
  ...['title', 'tag', 'figure', 'markdown', 'tips', 'closed'],
  ...['btn', 'act', 'look'].flatMap(name => numbers.map(n => `${name}${n}`)),
]
const failed = '没有成功，请再点一次'

function one<T>(all: T[]): T {
  const [first, ...more] = all
  if (first === undefined || more.length > 0) throw new Error(`one expected, ${all.length} found`)
  return first
}

function walk<T extends { children?: T[] }>(node: T): T[] {
  return [node, ...(node.children ?? []).flatMap(walk)]
}

const nodes: Node[] = editor.schema.componentsTree.flatMap((root: Node) => walk(root))
const node = (id: string) => one(nodes.filter(node => node.id === `node_paigong_${id}`)).props

const parser = new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '' })
const element = ({ ':@': raw = {}, ...named }: Raw): Element => {
  const [name, children] = one(Object.entries(named))
  const attributes = Object.entries(raw).map(([key, value]) => [key, value.replaceAll('&#039;', "'")])
  return { name, attributes: Object.fromEntries(attributes), children: children.map(element) }
}
const root = element(one(parser.parse(file.widgetInfo)))
const elements = walk(root)
const drawn = (id: string) => one(elements.filter(({ attributes }) => attributes.userId === `node_paigong_${id}`))

const filled = (variable: string) => ({
  op: 'and',
  conditions: [
    {
      type: 'variable',
      variable,
      variableType: 'global',
      op: 'isNotEmpty',
      value: '',
      valueType: 'fixed',
      valueVariableType: 'global',
    },
  ],
})
const visibleWhenFilled = (name: string) => `@triple{@toStr{@data{data.cardData.${name}}}, 'visible', 'gone'}`

describe('the importable DingTalk card', () => {
  it('is a message card in the exported form', () => {
    expect(Object.keys(file)).toEqual(['editorData', 'widgetInfo', 'type', 'mode'])
    expect(file).toMatchObject({ type: 'im', mode: 'card' })
    expect(editor.useCustomWidgetInfo).toBe(false)
    const kinds = editor.schema.componentsMap.map((kind: { componentName: string }) => kind.componentName)
    expect([...new Set(nodes.map(node => node.componentName))].sort()).toEqual(kinds.sort())
  })

  it('declares exactly our variables, public, sent as strings', () => {
    const declared = editor.variableList as { id: string; name: string; type: string; private: boolean }[]
    expect(declared.map(({ name }) => name)).toEqual(names)
    // A body bound to a plain string stays blank: the builder wants rich text here. On the wire it is a string as well.
    for (const { id, name, type, private: own } of declared)
      expect({ id, type, own }).toEqual({ id: name, type: name === 'markdown' ? 'markdown' : 'string', own: false })
    expect(Object.keys(editor.mockData.cardData).sort()).toEqual([...names].sort())
    for (const value of Object.values(editor.mockData.cardData)) expect(value).toBeTypeOf('string')
  })

  it('uses every variable, and no other, in both halves', () => {
    const tree = JSON.stringify(editor.schema.componentsTree)
    const bound = [...tree.matchAll(/\$\{(\w+)\}|"variable":"(\w+)"/g)].map(match => match[1] ?? match[2])
    expect([...new Set(bound)].sort()).toEqual([...names].sort())
    const compiled = [...file.widgetInfo.matchAll(/data\.cardData\.(\w+)/g)].map(match => match[1])
    expect([...new Set(compiled)].sort()).toEqual([...names].sort())
  })

  it('draws the same parts in the same order in both halves', () => {
    const parts = [...['tag', 'title', 'figure', 'markdown', 'tips', 'closed'], ...numbers.map(n => `btn${n}`)]
    const ids = parts.map(part => `node_paigong_${part}`)
    expect(editor.schema.componentsTree[0].children.map((child: Node) => child.id)).toEqual(ids)
    expect(root.children.map(child => child.attributes.userId)).toEqual(ids)
  })

  it.each(['tag', 'figure', 'tips', 'closed'])('hides %s when it is empty', name => {
    expect(node(name)).toMatchObject({
      text: { content: `\${${name}}` },
      visible: { valueType: 'condition', condition: filled(name) },
    })
    expect(drawn(name).attributes.visibility).toBe(visibleWhenFilled(name))
  })

  it('always shows the title and the body', () => {
    expect(node('title')).toMatchObject({ text: { content: `\${title}` } })
    expect(node('markdown')).toMatchObject({ content: { valueType: 'variable', variable: 'markdown' } })
    for (const name of ['title', 'markdown']) {
      expect(node(name)).toMatchObject({ visible: { valueType: 'fixed', value: true } })
      expect(drawn(name).attributes.visibility).toBeUndefined()
    }
  })

  it.each(numbers)('button %i: its label, condition, colour, action id, payload and failure', n => {
    expect(node(`btn${n}`)).toMatchObject({
      text: { content: `\${btn${n}}` },
      visible: { valueType: 'condition', condition: filled(`btn${n}`) },
      color: { valueType: 'variable', variable: `look${n}`, value: n === 1 ? 'blue' : 'gray' },
      enableClickEvent: true,
      actionType: 'request',
      actionId: { content: `btn${n}` },
      params: [{ name: 'payload', type: 'variable', variable: `act${n}`, variableType: 'global' }],
      failureToast: { content: failed },
      // Without a condition of its own a toast's verdict is not documented; the title is always there.
      successCondition: filled('title'),
    })

    const { attributes, children } = drawn(`btn${n}`)
    const id = `@toStr{'btn${n}'}`
    expect(attributes.visibility).toBe(visibleWhenFilled(`btn${n}`))
    expect(attributes.onTap).toContain(`'actionId',${id},`)
    expect(attributes.onTap).toContain(`'actionIds',@dtArrayAppend{null,${id}}`)
    expect(attributes.onTap).toContain(`'params',@dtMapAppend{null,'payload',@data{data.cardData.act${n}}}`)
    for (const colour of [attributes.borderColor, attributes.backgroundColor]) {
      for (const look of ['blue', 'gray', 'red']) expect(colour).toContain(`'normal_${look}',`)
      expect(colour).toContain(`@concat{'normal','_',@data{data.cardData.look${n}}}`)
    }
    expect(children).toMatchObject([
      { name: 'DDLoadingView' },
      { name: 'FastTextView', attributes: { text: `@toStr{@data{data.cardData.btn${n}}}` } },
      { name: 'DDEventView', attributes: { userId: `btn${n}`, onEvent: expect.stringContaining(`'${failed}'`) } },
    ])
  })

  it('closes every bracket of every expression in the layout', () => {
    for (const { attributes } of elements)
      for (const value of Object.values(attributes))
        expect(value.split('{').length, value).toBe(value.split('}').length)
  })

  it('has nothing of anybody else: ids, pictures, links, people', () => {
    for (const { id } of nodes) expect(id).toMatch(/^node_paigong_/)
    for (const { attributes } of elements)
      if (attributes.userId) expect(attributes.userId).toMatch(/^(node_paigong_\w+|btn[1-6])$/)
    expect(text).not.toMatch(/@lA|\$iA|\$iQ|node_oc|node_dock|\.schema|https?:|ImageView|::icon/)
    for (const phone of text.match(/1\d{2}[ -]?\d{4}[ -]?\d{4}/g) ?? []) expect(phone).toMatch(/^138 0000 /)
  })

  it('has a page that names every setting', () => {
    const page = read('docs/dingtalk-card.md')
    for (const name of ['title', 'tag', 'figure', 'markdown', 'tips', 'closed', 'btn1', 'btn6', 'act1', 'look1'])
      expect(page).toContain(`\`${name}\``)
    for (const word of ['deploy/dingtalk-card.json', 'DINGTALK_CARD_TEMPLATE_ID', failed]) expect(page).toContain(word)
  })
})
