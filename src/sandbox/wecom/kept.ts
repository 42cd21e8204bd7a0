import { z } from 'zod'
import { approvalShape, punchShape } from '../approvals.ts'
import type { WecomKept } from './desk.ts'
import { newTemplate, templateShape } from './leavetemplate.ts'

const pairs = <T extends z.ZodType>(value: T) => z.array(z.tuple([z.string(), value]))
const sent = z.object({ messages: z.array(z.string()), at: z.string() })

/** How the platform's memory is written down. */
export const wecomShape = z.object({
  codes: pairs(sent.extend({ used: z.boolean() })),
  appTaskIds: z.array(z.string()),
  botTaskIds: z.array(z.string()),
  sent: pairs(sent),
  entered: z.array(z.string()),
  greeted: pairs(z.string()),
  heard: z.array(z.string()),
  approvals: z.array(approvalShape).default([]),
  punches: z.array(punchShape).default([]),
  template: templateShape.default(newTemplate),
})

export type WecomWritten = z.infer<typeof wecomShape>

export function fromWritten(written?: WecomWritten): WecomKept {
  return {
    codes: new Map(written?.codes),
    appTaskIds: new Set(written?.appTaskIds),
    botTaskIds: new Set(written?.botTaskIds),
    sent: new Map(written?.sent),
    entered: new Set(written?.entered),
    greeted: new Map(written?.greeted),
    heard: new Set(written?.heard),
    approvals: new Map(written?.approvals.map(approval => [approval.id, approval])),
    punches: written?.punches ?? [],
    template: written?.template ?? newTemplate(),
  }
}

export function toWritten(kept: WecomKept): WecomWritten {
  return {
    codes: [...kept.codes],
    appTaskIds: [...kept.appTaskIds],
    botTaskIds: [...kept.botTaskIds],
    sent: [...kept.sent],
    entered: [...kept.entered],
    greeted: [...kept.greeted],
    heard: [...kept.heard],
    approvals: [...kept.approvals.values()],
    punches: kept.punches,
    template: kept.template,
  }
}
