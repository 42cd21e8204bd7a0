import { z } from 'zod'
import { isRecord } from '../json.ts'
import type { SandboxBody } from '../wire.ts'
import { pathOf } from './call.ts'
import type { Desk } from './desk.ts'
import { linkCard, withPictures } from './mediaapi.ts'
import { oldRefused } from './refused.ts'

const mostCalled = 50
const words = z.string().min(1)
const ids = z.array(z.string()).nullish()

const atShape = z.looseObject({ atMobiles: ids, atUserIds: ids, isAtAll: z.boolean().nullish() })
const text = z.looseObject({ content: words })
const markdown = z.looseObject({ title: words, text: words })
const link = markdown.extend({ messageUrl: words, picUrl: z.string().optional() })
const actionCard = markdown.extend({
  singleTitle: words.optional(),
  singleURL: words.optional(),
  btns: z.array(z.looseObject({ title: words, actionURL: words })).optional(),
})
const feedCard = z.looseObject({
  links: z.array(z.looseObject({ title: words, messageURL: words, picURL: words })).min(1),
})

type Note = (text: string) => void

/** A message as webhooks, sessions and answers to robot messages have it (dingtalk.md §3.2). Throws the codes of §3.3. */
export function readSpoken(desk: Desk, sent: Record<string, unknown>, note: Note): SandboxBody {
  const part = sent[String(sent.msgtype)]
  const call = (said: string) => called(desk, said, sent.at, note)
  switch (sent.msgtype) {
    case 'text': {
      const { words: shown, mentions } = call(shaped(text, part).content)
      return { kind: 'text', text: shown, mentions }
    }
    case 'markdown': {
      const said = shaped(markdown, part)
      const { words: shown, mentions } = call(said.text)
      return { kind: 'markdown', title: said.title, text: withPictures(desk, shown), mentions }
    }
    case 'actionCard': {
      const card = shaped(actionCard, part)
      const single = card.singleTitle && card.singleURL ? [{ text: card.singleTitle, url: card.singleURL }] : undefined
      const links = single ?? card.btns?.map(({ title, actionURL }) => ({ text: title, url: actionURL }))
      if (!links) throw oldRefused(40035, '不合法的参数: singleTitle, singleURL, btns')
      const { words: shown, names } = call(card.text)
      return linkCard(card.title, withPictures(desk, shown), links, names)
    }
    case 'link': {
      const said = shaped(link, part)
      return linkCard(said.title, said.text, [{ text: '查看详情', url: said.messageUrl }])
    }
    case 'feedCard': {
      const { links } = shaped(feedCard, part)
      return linkCard(
        links[0]?.title ?? '',
        '',
        links.map(({ title, messageURL }) => ({ text: title, url: messageURL })),
      )
    }
    default:
      throw oldRefused(400105, `不支持的消息类型: ${String(sent.msgtype)}`)
  }
}

/**
 * Whom a text calls: only those who are both in the list and, as `@userId` or `@mobile`, in the text. Phones show
 * their names instead. `mentions` are userIds at the desk, `@all` is everybody.
 */
function called(desk: Desk, said: string, at: unknown, note: Note) {
  if (at === undefined || at === null) return { words: said, mentions: [], names: [] }
  const { atUserIds, atMobiles, isAtAll } = shaped(atShape, at)
  const listed = [...(atUserIds ?? []), ...(atMobiles ?? [])]
  if (listed.length > mostCalled) note(`only the first ${mostCalled} of at are called`)
  let shown = said
  const mentions = new Set<string>()
  const names = new Set<string>()
  for (const id of listed.slice(0, mostCalled)) {
    const person = desk.phones.byDingtalkId(id) ?? desk.phones.byMobile(id)
    if (!person) note(`at names ${id}, who is nobody`)
    else if (!shown.includes(`@${id}`)) note(`at names ${id}, but the text has no @${id}: nobody is called`)
    else {
      shown = shown.replaceAll(`@${id}`, `@${person.name}`)
      mentions.add(person.userId)
      names.add(person.name)
    }
  }
  if (isAtAll) mentions.add('@all')
  if (isAtAll) names.add('所有人')
  return { words: shown, mentions: [...mentions], names: [...names] }
}

function shaped<T>(schema: z.ZodType<T>, part: unknown): T {
  const parsed = schema.safeParse(isRecord(part) ? part : {})
  if (parsed.success) return parsed.data
  throw oldRefused(40035, `不合法的参数: ${pathOf(parsed.error)}`)
}
