import { z } from 'zod'
import type { SandboxMessage } from '../wire.ts'
import { type Call, jsonBody } from './call.ts'
import { readCard } from './card.ts'
import { type Desk, nameOf } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'
import { checkAgent } from './messages.ts'
import { lookAtCode, useUp } from './responsecodes.ts'

const shape = z.looseObject({
  userids: z.array(z.string()).max(1_000).optional(),
  partyids: z.array(z.int()).max(100).optional(),
  tagids: z.array(z.int()).max(100).optional(),
  atall: z.int().optional(),
  agentid: z.unknown().optional(),
  response_code: z.string(),
  button: z.looseObject({ replace_name: z.string().optional() }).optional(),
  template_card: z.unknown().optional(),
})

/** `message/update_template_card`: greys the buttons (form 1) or draws the card anew (form 2), once per code. */
export function updateCard(desk: Desk, call: Call): Answer {
  const parsed = shape.safeParse(jsonBody(call))
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Refused(40058, `invalid parameter: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`)
  }
  const asked = parsed.data
  checkAgent(desk, asked.agentid)
  const cards = lookAtCode(desk, asked.response_code)
    .map(id => desk.phones.message(id))
    .filter(message => message !== undefined && !message.recalled) as SandboxMessage[]
  const change =
    asked.template_card === undefined
      ? grey(desk, cards, asked.button?.replace_name)
      : redraw(desk, call, asked.template_card)
  const wanted = new Map(cards.map(message => [receiverOf(desk, message), message]))
  const named =
    asked.atall === 1 ? [...wanted.keys()] : (asked.userids ?? []).map(id => desk.phones.person(id)?.userId ?? id)
  const invalid = named.filter(userId => !wanted.has(userId))
  useUp(desk, asked.response_code)
  for (const userId of named) {
    const message = wanted.get(userId)
    if (message) change(message)
  }
  if (cards.length === 0) call.note('nothing on any phone belongs to this code (recalled or dropped)')
  return ok({ invaliduser: invalid.map(userId => userId.toLowerCase()) })
}

const receiverOf = (desk: Desk, message: SandboxMessage) => desk.phones.chat(message.chat)?.members[0] ?? ''

type Change = (message: SandboxMessage) => void

function grey(desk: Desk, cards: SandboxMessage[], name: string | undefined): Change {
  if (!name) throw new Refused(42020, 'missing button.replace_name')
  for (const { body } of cards)
    if (body.kind === 'card' && /_notice$/.test(body.card.type))
      throw new Refused(42031, 'invalid card_type: only button, vote and multiple cards have buttons to replace')
  return message => {
    if (message.body.kind === 'card') desk.phones.repaint(message, { ...message.body.card, replaceText: name })
  }
}

function redraw(desk: Desk, call: Call, raw: unknown): Change {
  const read = readCard(raw, { sender: 'app', update: true, nameOf: nameOf(desk) })
  for (const note of read.notes) call.note(note)
  return message => desk.phones.repaint(message, read.card)
}
