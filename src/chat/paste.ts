import { findAddress } from './grammar/address.ts'
import { findLabelled, type Labelled, wordsOf } from './grammar/labels.ts'
import { brands, type Field, products, surnames, symptoms, titles } from './grammar/lexicon.ts'
import { findPhones } from './grammar/marks.ts'
import { nameAt } from './grammar/names.ts'
import { readKind, readProduct } from './grammar/product.ts'
import { findTimes } from './grammar/spans.ts'
import { blank, matches, normalise, plainText, type Range, tidy } from './grammar/text.ts'
import type { JobDraft, Span } from './intent.ts'
import { readWhen, type WhenContext, when } from './when.ts'

export interface PasteContext extends WhenContext {
  names: readonly string[]
}

interface Reader {
  text: string
  norm: string
  context: PasteContext
  draft: JobDraft
  /** What has been understood; the rest is the fault. */
  taken: Range[]
}

/**
 * Reads a job pasted from a chat or a manufacturer's system, labelled (`电话:…`), free, or both. Takes out what has a
 * shape of its own (phone, time, serial, technician), then the address, then the name; what is left is the fault.
 * Where two phones are given the first counts.
 */
export function readPaste(text: string, context: PasteContext): JobDraft {
  const kept = plainText(text.slice(0, 2_000))
  const reader: Reader = { text: kept, norm: normalise(kept), context, draft: {}, taken: [] }
  readTechnician(reader)
  for (const field of findLabelled(reader.norm)) labelled(reader, field)
  readMarks(reader)
  readPhone(reader)
  readTime(reader)
  readName(reader)
  readAddress(reader)
  readBareName(reader)
  readFault(reader)
  readProduct(reader.draft, reader.text, reader.norm)
  readKind(reader.draft, reader.text, reader.norm)
  return reader.draft
}

const fields: Partial<Record<Field, (reader: Reader, value: string, norm: string) => void>> = {
  name: ({ draft }, value) => {
    draft.name ??= value.replace(/[\s,，].*$/s, '')
  },
  phone: ({ draft }, value, norm) => {
    const found =
      findPhones(`电话:${norm}`)[0]?.value ??
      (/^\d{5,}$/.test(norm.replace(/\D/g, '')) ? norm.replace(/\D/g, '') : undefined)
    if (found) draft.phone ??= found
    else draft.fault ??= value
  },
  address: ({ draft }, value) => {
    draft.address ??= value
  },
  fault: ({ draft }, value) => {
    draft.fault = draft.fault ? `${draft.fault}，${value}` : value
  },
  wanted: (reader, value) => {
    const found = when(value, reader.context)
    if (found.kind === 'span') reader.draft.wanted ??= found.span
    else if (found.kind === 'limit') reader.draft.wanted ??= within(reader, found.minutes, found.words)
    else reader.draft.wantedWords ??= value
  },
  brand: ({ draft }, value) => {
    draft.brand ??= value
  },
  model: ({ draft }, value) => {
    draft.model ??= value
  },
  serial: ({ draft }, value) => {
    draft.serial ??= value
  },
  technician: ({ draft, context }, value, norm) => {
    draft.technician ??= nameAt(norm, 0, context.names) ?? value
  },
  urgent: ({ draft }, _, norm) => {
    if (/急|是|高/.test(norm) && !/不|非|一般|普通/.test(norm)) draft.urgent = true
  },
}

function labelled(reader: Reader, field: Labelled): void {
  const value = wordsOf(reader.text, field)
  const own = { ...field }
  if (value !== undefined) {
    const norm = tidy(reader.norm.slice(field.value.start, field.value.end))
    if (field.field === 'phone') {
      // 电话:13800000001 王女士 leaves what isn't the phone to the others.
      const [phone] = findPhones(reader.norm.slice(0, field.value.end)).filter(
        ({ start }) => start >= field.value.start,
      )
      fields.phone?.(reader, value, norm)
      if (phone) own.end = phone.end
    } else if (field.field === 'address') {
      const address = labelledAddress(reader, field)
      reader.draft.address ??= address.words
      own.end = address.end
    } else if (field.field === 'name') {
      const name = reader.text.slice(field.value.start, field.value.end).match(/^[^\s,，;；、/|\d]+/)?.[0]
      if (name) reader.draft.name ??= name
      own.end = field.value.start + (name?.length ?? 0)
    } else fields[field.field]?.(reader, value, norm)
  }
  reader.taken.push({ start: field.start, end: own.end })
}

/** A labelled address ends at a phone or where the fault begins, like a free one. */
function labelledAddress({ text, norm }: Reader, { value }: Labelled): { words: string; end: number } {
  const phone = findPhones(norm.slice(0, value.end)).find(({ start }) => start >= value.start)
  const stop = phone?.start ?? value.end
  const cut = norm.slice(value.start, stop).search(/[,，;；|。\t]/)
  const found = findAddress(norm, chunks(norm.slice(0, stop), value.start))
  const end = found && found.start === value.start ? found.end : cut > 0 ? value.start + cut : stop
  return { words: tidy(text.slice(value.start, end)), end }
}

const separators = /[^\s,，;；、|。!！\t]+/g

function chunks(norm: string, from = 0): Range[] {
  return matches(norm.slice(from), separators).map(({ start, end }) => ({ start: start + from, end: end + from }))
}

const free = ({ norm, taken }: Reader): string => blank(norm, taken)

function within({ context }: Reader, minutes: number, words: string): Span {
  return { from: context.now, to: new Date(context.now.getTime() + minutes * 60_000), exact: false, words }
}

const giving = /(?:指?派给|安排给?|指派|给|派|让)\s*@?\s*/g

/** 给 张三 ends a labelled value, too: it is taken out before the labels are read. */
function clear(reader: Reader, range: Range): void {
  reader.text = blank(reader.text, [range])
  reader.norm = blank(reader.norm, [range])
}

function readTechnician(reader: Reader): void {
  const norm = free(reader)
  for (const { start, end } of matches(norm, giving)) {
    const name = nameAt(norm, end, reader.context.names)
    if (name === undefined) continue
    const tail = norm.slice(end + name.length).match(/^(?:师傅|去|上门|处理)*/)?.[0].length ?? 0
    reader.draft.technician = name
    clear(reader, { start, end: end + name.length + tail })
    return
  }
  const unknown = norm.match(/派给\s*@?(\p{Script=Han}{2,4}?)(?:师傅)?\s*[。.!！]?\s*$/u)
  if (unknown?.index !== undefined && unknown[1]) {
    const at = norm.indexOf(unknown[1], unknown.index + 2)
    reader.draft.technician ??= reader.text.slice(at, at + unknown[1].length)
    clear(reader, { start: unknown.index, end: norm.length })
  }
}

const urgentWords = /(?<!不)(?:加急|紧急|急单|特急|(?<=^|[\s,，;；、|。(])急(?=$|[\s,，;；、|。)!！]))/g
const warrantyWords = /(?:保修期内|质保内|在保|保内|包修期内)|(保修期外|过保|脱保|超保|保外|质保外|不在保|出保)/g
const serialWords = /(?:s\/?n|条形?码|序列号|机身?号)\s*[:：]?\s*([a-z\d-]{6,30})/g

/** 加急, 保内 and a serial, wherever they stand; inside a sentence they stay in it. */
function readMarks(reader: Reader): void {
  const { draft, norm, text, taken } = reader
  for (const range of matches(norm, urgentWords)) {
    draft.urgent = true
    taken.push(range)
  }
  for (const { start, end, match } of matches(norm, warrantyWords)) {
    draft.warranty ??= match[1] || /不|非/.test(norm[start - 1] ?? '') ? 'out' : 'in'
    taken.push({ start, end })
  }
  for (const { start, end, match } of matches(free(reader), serialWords)) {
    draft.serial ??= text.slice(end - (match[1]?.length ?? 0), end)
    taken.push({ start, end })
  }
}

function readPhone(reader: Reader): void {
  const norm = free(reader)
  const found = findPhones(norm)
  // A bare local number stands alone in its chunk: 6000 1234.
  const bare =
    found.length > 0 ? undefined : norm.match(/(?<=^|[\s,，;；、|。])([2-8]\d{2,3}[-\s]?\d{4})(?=$|[\s,，;；、|。])/)
  if (bare?.index !== undefined) {
    reader.draft.phone ??= bare[0].replace(/\D/g, '')
    reader.taken.push({ start: bare.index, end: bare.index + bare[0].length })
  }
  for (const { start, end, value } of found) {
    reader.draft.phone ??= value
    const lead = norm.slice(0, start).match(/(?:联系)?(?:电话|手机|座机|tel)?\s*[:：]?\s*$/)?.[0].length ?? 0
    reader.taken.push({ start: start - lead, end })
  }
}

const vagueTimes =
  /过[一两几二三]天|(?:国庆|元旦|春节|五一|节|年)(?:以|之)?后|等(?:客户)?电话|有空(?:再说|时)?|尽快|随时|改天|电话预约|提前(?:打)?电话联系/g

function readTime(reader: Reader): void {
  const { draft, taken } = reader
  const norm = free(reader)
  const times = findTimes(norm).filter(({ start, end }) => !/^\d{1,2}-\d{1,2}$/.test(norm.slice(start, end)))
  if (times.length > 0 && !draft.wanted) {
    const found = readWhen(reader.text, norm, times, reader.context)
    if (found.kind === 'span') draft.wanted = found.span
    else if (found.kind === 'limit') draft.wanted = within(reader, found.minutes, found.words)
    else if (found.kind === 'ambiguous') draft.wantedWords ??= found.words
    if (found.kind !== 'none') {
      const tail =
        norm.slice(found.end).match(/^\s*(?:之?前|左右)?(?:上门|过去|来修|去修|到|方便|在家|有人|可以?)*/)?.[0]
          .length ?? 0
      const lead = norm.slice(0, found.start).match(/(?:预?约(?:在|好|的)?|要求|希望|客户)*\s*$/)?.[0].length ?? 0
      taken.push({ start: found.start - lead, end: found.end + tail })
    }
  }
  for (const range of matches(free(reader), vagueTimes)) {
    if (draft.wanted || draft.wantedWords) break
    draft.wantedWords = reader.text.slice(range.start, range.end)
    taken.push(range)
  }
}

const titled = new RegExp(
  `(?<![\\p{Script=Han}])(?:客户|用户|联系人)?\\s*(?:欧阳|司马|上官|诸葛|[${surnames}])\\p{Script=Han}{0,2}?(?:${titles})(?![\\p{Script=Han}])|(?:客户|用户|联系人)\\s*(?=[\\p{Script=Han}])(?:[${surnames}])\\p{Script=Han}{0,2}(?:${titles})?(?=$|[\\s,，;；、|。\\d])`,
  'gu',
)
const gluedTitle = new RegExp(`(?<=\\d|室|号|户|楼|\\))[${surnames}](?:先生|女士|小姐|阿姨|老师|师傅)`, 'gu')

function readName(reader: Reader): void {
  if (reader.draft.name) return
  const norm = free(reader)
  const found = matches(norm, titled)[0] ?? matches(norm, gluedTitle)[0]
  if (!found) return
  const lead = found.match[0].match(/^\s*(?:客户|用户|联系人)?\s*/)?.[0].length ?? 0
  reader.draft.name = tidy(reader.text.slice(found.start + lead, found.end))
  reader.taken.push({ start: found.start, end: found.end })
}

function readAddress(reader: Reader): void {
  if (reader.draft.address) return
  const norm = free(reader)
  const range = findAddress(norm, chunks(norm))
  if (!range) return
  const lead = norm.slice(range.start, range.end).match(/^(?:地址|住址|住在|家住)\s*/)?.[0].length ?? 0
  reader.draft.address = tidy(reader.text.slice(range.start + lead, range.end))
  reader.taken.push(range)
}

const shop = new RegExp(
  `${products}|${symptoms}|${brands.map(name => name.toLowerCase().replaceAll('.', '\\.')).join('|')}|客户|用户|师傅|投诉|报修|麻烦|谢谢`,
)
const bareName = new RegExp(`^(?:[${surnames}]\\p{Script=Han}{1,2}|(?:欧阳|司马|上官|诸葛)\\p{Script=Han}{1,2})$`, 'u')

/** A name without a title: a chunk of its own that begins with a surname and is no word of the trade. */
function readBareName(reader: Reader): void {
  if (reader.draft.name) return
  const norm = free(reader)
  const range = chunks(norm).find(({ start, end }) => {
    const words = norm.slice(start, end)
    return bareName.test(words) && !shop.test(words)
  })
  if (!range) return
  reader.draft.name = reader.text.slice(range.start, range.end)
  reader.taken.push(range)
}

const noFault =
  /^(?:安装|装机|维修|移机|投诉|回访|报修|上门|派工?单|新单|开单|单|谢谢|麻烦|给|请|尽快|上门|地址|电话|姓名|备注)$/

function readFault(reader: Reader): void {
  const { draft, text } = reader
  if (draft.fault) return
  const norm = free(reader)
  const words = chunks(norm).flatMap(({ start, end }) => {
    const own = tidy(text.slice(start, end)).replace(/^[()（）【】[\]]+|[()（）【】[\]]+$/g, '')
    return own === '' || !/[\p{L}\p{N}]/u.test(own) ? [] : [own]
  })
  const known = new Set([draft.brand, draft.model].filter(Boolean))
  const left = words.filter(word => !known.has(word) && !noFault.test(word))
  const told = left.length > 0 ? left : words.filter(word => /^(?:安装|装机|维修|移机|投诉|回访)$/.test(word))
  if (told.length > 0) draft.fault = tidy(told.join(' '))
}
