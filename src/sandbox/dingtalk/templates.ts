import { z } from 'zod'
import { parseRecord } from '../json.ts'
import type { SandboxDingButton, SandboxDingCard } from '../wire.ts'

/** The public template of the official SDKs (dingtalk.md §5.6, route C). */
export const markdownButton = '1366a1eb-bc54-4859-ac88-517c56a9acb1.schema'

/** What a button of a card sends back. */
export interface Action {
  actionIds: string[]
  params: Record<string, unknown>
}

export interface Drawn {
  card: SandboxDingCard
  /** Button id → what it sends; buttons that call nobody are missing. */
  actions: Map<string, Action>
  /** What the template makes nothing of. */
  notes: string[]
}

type Values = Readonly<Record<string, string>>

/** Fills a template, or nothing when there is none of that id. */
export function draw(template: string, ownTemplate: string, values: Values): Drawn | undefined {
  if (template === markdownButton) return drawMarkdownButton(values)
  return template === ownTemplate ? drawOwn(values) : undefined
}

const msgButtons = z.array(
  z.looseObject({
    text: z.string(),
    id: z.string().optional(),
    color: z.string().optional(),
    url: z.string().optional(),
    iosUrl: z.string().optional(),
    request: z.boolean().optional(),
    params: z.record(z.string(), z.unknown()).optional(),
  }),
)

function drawMarkdownButton(values: Values): Drawn {
  const { title = '', logo: _logo, markdown = '', tips, sys_full_json_obj: full, ...others } = values
  const notes = unknown(others)
  const read = full === undefined ? undefined : msgButtons.safeParse(parseRecord(full)?.msgButtons ?? [])
  if (full !== undefined && (!read?.success || !parseRecord(full)))
    notes.push('sys_full_json_obj is not {"msgButtons":[{"text":…}]}: no buttons are drawn')
  const actions: Drawn['actions'] = new Map()
  const used = new Set<string>()
  const buttons = (read?.data ?? []).map((given, at): SandboxDingButton => {
    const name = given.id ?? `button${at + 1}`
    const id = used.has(name) ? `${name}#${at + 1}` : name
    used.add(id)
    const url = given.url ?? given.iosUrl
    if (given.request)
      actions.set(id, { actionIds: given.id === undefined ? [] : [given.id], params: given.params ?? {} })
    return { id, text: given.text, color: given.color ?? 'gray', request: given.request === true, ...(url && { url }) }
  })
  const card: SandboxDingCard = { look: 'markdown-button', title, markdown, ...(tips && { tips }), buttons }
  return { card, actions, notes }
}

const slots = [1, 2, 3, 4, 5, 6]
const ownNames = new Set([
  ...['title', 'tag', 'figure', 'markdown', 'tips', 'closed'],
  ...slots.flatMap(slot => [`btn${slot}`, `act${slot}`, `look${slot}`]),
])

/** The app's own template: a button without a label is hidden, a closed card has none. */
function drawOwn(values: Values): Drawn {
  const { title = '', tag, figure, markdown = '', tips, closed } = values
  const shown = closed ? [] : slots.filter(slot => values[`btn${slot}`])
  const buttons = shown.map((slot): SandboxDingButton => {
    const look = values[`look${slot}`] || 'gray'
    return { id: `btn${slot}`, text: values[`btn${slot}`] ?? '', color: look, request: true }
  })
  const actions = new Map(
    shown.map(slot => [`btn${slot}`, { actionIds: [`btn${slot}`], params: { payload: values[`act${slot}`] ?? '' } }]),
  )
  const more = { ...(tag && { tag }), ...(figure && { figure }), ...(tips && { tips }), ...(closed && { closed }) }
  const card: SandboxDingCard = { look: 'own-template', title, markdown, ...more, buttons }
  const strangers = Object.fromEntries(Object.entries(values).filter(([name]) => !ownNames.has(name)))
  return { card, actions, notes: unknown(strangers) }
}

const unknown = (values: Values): string[] => {
  const names = Object.keys(values)
  return names.length > 0 ? [`the template has no variable ${names.join(', ')}`] : []
}
