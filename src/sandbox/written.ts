import { z } from 'zod'
import { dingtalkShape } from './dingtalk/kept.ts'
import { newTemplateId } from './seed.ts'
import { wecomShape } from './wecom/kept.ts'
import type { SandboxChat, SandboxMessage, SandboxPerson } from './wire.ts'

const text = z.string()
const hasId = <T>() => z.custom<T>(value => typeof value === 'object' && value !== null && 'id' in value)
const uses = z.enum(['wecom', 'dingtalk'])
const about = { userId: text, dingtalkId: text, name: text, title: text, mobile: text }
const person = z.object({ ...about, uses }) satisfies z.ZodType<SandboxPerson>

/** The file that keeps the sandbox over restarts. */
export const writtenShape = z.object({
  version: z.literal(2),
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
    leaveTemplateId: text.default(newTemplateId),
  }),
  dingtalkCredentials: z.object({
    corpId: text,
    agentId: z.int(),
    clientId: text,
    clientSecret: text,
    robotCode: text,
    eventToken: text,
    eventAesKey: text,
    cardTemplateId: text,
    robotName: text,
    webhookToken: text,
    webhookSecret: text,
  }),
  phones: z.object({
    people: z.array(person),
    chats: z.array(hasId<SandboxChat>()),
    messages: z.array(hasId<SandboxMessage>()),
  }),
  media: z.array(z.object({ id: text, name: text, mime: text, at: text, title: text.optional() })),
  wecom: wecomShape,
  dingtalk: dingtalkShape,
})

export type Written = z.infer<typeof writtenShape>
