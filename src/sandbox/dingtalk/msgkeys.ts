import { z } from 'zod'
import { parseRecord } from '../json.ts'
import type { SandboxBody } from '../wire.ts'
import { pathOf } from './call.ts'
import type { Desk } from './desk.ts'
import { linkCard, pictureOf, uploaded, withPictures } from './mediaapi.ts'
import { refused } from './refused.ts'

const longestParam = 15_000
const words = z.string().min(1)
const count = z.union([z.string(), z.number()])
const titled = { title: words, text: words }

const shapes = {
  sampleText: z.looseObject({ content: words }),
  sampleMarkdown: z.looseObject(titled),
  sampleImageMsg: z.looseObject({ photoURL: words }),
  sampleLink: z.looseObject({ ...titled, picUrl: z.string(), messageUrl: words }),
  sampleActionCard: z.looseObject({ ...titled, singleTitle: words, singleURL: words }),
  sampleActionCard6: z.looseObject({
    ...titled,
    ...{ buttonTitle1: words, buttonUrl1: words, buttonTitle2: words, buttonUrl2: words },
  }),
  sampleAudio: z.looseObject({ mediaId: words, duration: count }),
  sampleFile: z.looseObject({ mediaId: words, fileName: words, fileType: words }),
  sampleVideo: z.looseObject({ duration: count, videoMediaId: words, videoType: z.literal('mp4'), picMediaId: words }),
}

/** What `msgKey` and `msgParam` put on the phones (dingtalk.md §2.3). Nobody is called: this way cannot @. */
export function bodyOf(desk: Desk, msgKey: unknown, msgParam: unknown): SandboxBody {
  if (typeof msgParam !== 'string') throw refused('invalidParameter.msgParam.invalid', 'msgParam must be a JSON string')
  if (Buffer.byteLength(msgParam) > longestParam)
    throw refused('invalidParameter.msgParam.tooLong', `msgParam is over ${longestParam} bytes`)
  const given = parseRecord(msgParam)
  if (!given) throw refused('invalidParameter.msgParam.invalid', 'msgParam is no JSON object')
  const read = <T>(shape: z.ZodType<T>): T => {
    const parsed = shape.safeParse(given)
    if (parsed.success) return parsed.data
    throw refused('invalidParameter.msgParam.invalid', `msgParam.${pathOf(parsed.error)} is missing or wrong`)
  }
  switch (msgKey) {
    case 'sampleText':
      return { kind: 'text', text: read(shapes.sampleText).content, mentions: [] }
    case 'sampleMarkdown': {
      const { title, text } = read(shapes.sampleMarkdown)
      return { kind: 'markdown', title, text: withPictures(desk, text) }
    }
    case 'sampleImageMsg':
      return found(pictureOf(desk, read(shapes.sampleImageMsg).photoURL), 'photoURL')
    case 'sampleLink': {
      const { title, text, messageUrl } = read(shapes.sampleLink)
      return linkCard(title, text, [{ text: '查看详情', url: messageUrl }])
    }
    case 'sampleActionCard': {
      const { title, text, singleTitle, singleURL } = read(shapes.sampleActionCard)
      return linkCard(title, text, [{ text: singleTitle, url: singleURL }])
    }
    case 'sampleActionCard6': {
      const card = read(shapes.sampleActionCard6)
      const second = { text: card.buttonTitle2, url: card.buttonUrl2 }
      return linkCard(card.title, card.text, [{ text: card.buttonTitle1, url: card.buttonUrl1 }, second])
    }
    case 'sampleAudio': {
      const { mediaId, duration } = read(shapes.sampleAudio)
      found(uploaded(desk, mediaId), 'mediaId')
      return { kind: 'voice', seconds: Math.ceil(Number(duration) / 1_000), text: '' }
    }
    case 'sampleFile': {
      const { mediaId, fileName } = read(shapes.sampleFile)
      return { kind: 'file', name: fileName, url: found(uploaded(desk, mediaId), 'mediaId').url }
    }
    case 'sampleVideo': {
      const video = found(uploaded(desk, read(shapes.sampleVideo).videoMediaId), 'videoMediaId')
      return { kind: 'file', name: video.name, url: video.url }
    }
    default:
      return severalButtons(String(msgKey), read)
  }
}

/** `sampleActionCard2`…`5`: so many buttons, one below the other. */
function severalButtons(msgKey: string, read: <T>(shape: z.ZodType<T>) => T): SandboxBody {
  const most = Number(/^sampleActionCard([2-5])$/.exec(msgKey)?.[1] ?? 0)
  if (most === 0) throw refused('invalidParameter.msgKey.invalid', `msgKey ${msgKey} is not known`)
  const numbers = Array.from({ length: most }, (_none, at) => at + 1)
  const names = numbers.flatMap(n => [`actionTitle${n}`, `actionURL${n}`])
  const card = read(z.looseObject(Object.fromEntries(['title', 'text', ...names].map(name => [name, words]))))
  const value = (name: string) => String(card[name])
  return linkCard(
    value('title'),
    value('text'),
    numbers.map(n => ({ text: value(`actionTitle${n}`), url: value(`actionURL${n}`) })),
  )
}

function found<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw refused('invalidParameter.msgParam.invalid', `msgParam.${field} is no known media`)
  return value
}
