import { z } from 'zod'
import { wecomShape } from './wecom/kept.ts'
import type { SandboxChat, SandboxMessage, SandboxPerson } from './wire.ts'

const text = z.string()
const hasId = <T>() => z.custom<T>(value => typeof value === 'object' && value !== null && 'id' in value)
const person = z.object({ userId: text, name: text, title: text, mobile: text }) satisfies z.ZodType<SandboxPerson>

/** The file that keeps the sandbox over restarts. */
export const writtenShape = z.object({
  version: z.literal(1),
  /** Milliseconds the clock is ahead of the machine's. */
  ahead: z.number(),
  credentials: z.object({
    corpId: text,
    agentId: z.int(),
    secret: text,
    token: text,
    aesKey: text,
    botId: text,
    botSecret: text,
    webhookKey: text,
    botName: text,
    appName: text,
  }),
  phones: z.object({
    people: z.array(person),
    chats: z.array(hasId<SandboxChat>()),
    messages: z.array(hasId<SandboxMessage>()),
  }),
  media: z.array(z.object({ id: text, name: text, mime: text, at: text })),
  wecom: wecomShape,
})

export type Written = z.infer<typeof writtenShape>
