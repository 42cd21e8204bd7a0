import { z } from 'zod'
import type { Approval, ApprovalStatus, LeaveForm } from '../platform.ts'
import { minuteIn } from '../spans.ts'
import { cutChars, oneLine } from '../text.ts'

const words = z.array(z.looseObject({ text: z.string(), lang: z.string().optional() })).default([])
const attendance = z.looseObject({ date_range: z.looseObject({ type: z.string() }) })
const control = z.looseObject({
  property: z.looseObject({
    control: z.string(),
    id: z.string().min(1),
    title: words,
    require: z.coerce.number().optional(),
  }),
  config: z
    .looseObject({
      attendance: attendance.optional(),
      date_range: z.looseObject({ type: z.string() }).optional(),
      vacation_list: z.looseObject({ item: z.array(z.looseObject({ id: z.coerce.string(), name: words })) }).optional(),
    })
    .nullish(),
})
const template = z.looseObject({ template_content: z.looseObject({ controls: z.array(control) }) })

/** Where a leave goes in the company's own template. */
export interface LeaveControls {
  vacationId: string
  /** `halfday` or `hour`; older templates say `day`. */
  unit: string
  /** Name of a leave type → its key in the form. */
  types: ReadonlyMap<string, string>
  reasonId: string
}

const text = (list: z.infer<typeof words>): string =>
  (list.find(({ lang }) => !lang || lang === 'zh_CN') ?? list[0])?.text.trim() ?? ''

/**
 * Reads `oa/gettemplatedetail` (developer.work.weixin.qq.com/document/path/91982): controls are known by their type, since
 * ids change when an administrator edits the template. Says why when it is not one a leave can be asked for with.
 */
export function readTemplate(answer: unknown): LeaveControls | { why: string } {
  const parsed = template.safeParse(answer)
  if (!parsed.success) return { why: 'its details cannot be read' }
  const { controls } = parsed.data.template_content
  const vacation = controls.find(({ property }) => property.control === 'Vacation')
  const reasons = controls.filter(({ property }) => property.control === 'Textarea')
  const reason = reasons.find(({ property }) => /事由|原因|理由|说明/.test(text(property.title))) ?? reasons[0]
  const types = vacation?.config?.vacation_list?.item ?? []
  if (!vacation || types.length === 0) return { why: 'it has no 请假 control (假勤组件)' }
  if (!reason) return { why: 'it has no 多行文本 control for the reason' }
  const ours = [vacation.property.id, reason.property.id]
  const other = controls.find(
    ({ property }) => property.require === 1 && property.control !== 'Tips' && !ours.includes(property.id),
  )
  if (other)
    return { why: `its control 「${text(other.property.title)}」 must be filled in and only people can do that` }
  const unit = vacation.config?.attendance?.date_range.type ?? vacation.config?.date_range?.type ?? 'halfday'
  return {
    vacationId: vacation.property.id,
    reasonId: reason.property.id,
    unit,
    types: new Map(types.map(({ id, name }) => [text(name), id])),
  }
}

const second = (at: Date): number => Math.floor(at.getTime() / 1_000)
const halfDay = 43_200

/** Days are told by their halves: 00:00 is the morning, 12:00 the afternoon, and the last half belongs to it (/91853). */
function rangeOf({ from, to, days }: LeaveForm, { unit: type }: LeaveControls) {
  const [begin, end] = [second(from), second(to)]
  if (type === 'hour') return { type, new_begin: begin, new_end: end, new_duration: end - begin }
  // A type that is given by the hour may be asked for by the day all the same.
  if (![from, to].every(at => / (00|12):00$/.test(minuteIn(at)))) return null
  const duration = Math.max(Math.round(days * 2), 1) * halfDay
  return { type, new_begin: begin, new_end: end - halfDay, new_duration: duration }
}

/** `apply_data.contents` of `oa/applyevent` (/91853), or a Chinese sentence that says why this cannot be asked for. */
export function contentsOf(form: LeaveForm, controls: LeaveControls): object[] | { why: string } {
  const key = controls.types.get(form.type)
  if (key === undefined)
    return {
      why: `企业微信的请假单里没有「${form.type}」，可以选：${[...controls.types.keys()].join('、')}。请换一种请，或让管理员在企业微信的假期管理里加上。`,
    }
  const range = rangeOf(form, controls)
  if (!range) return { why: '企业微信的请假单按天或半天请，不能按小时请。请改成半天或一天。' }
  const option = { key, value: [{ text: form.type, lang: 'zh_CN' }] }
  const vacation = { selector: { type: 'single', options: [option] }, attendance: { date_range: range, type: 1 } }
  return [
    { control: 'Vacation', id: controls.vacationId, value: { vacation } },
    { control: 'Textarea', id: controls.reasonId, value: { text: form.reason || '无' } },
  ]
}

/** Whose steps they are (/91853): `apv_rel` 2 is any one of them (或签); who is only informed comes last. */
export const processOf = ({ approvers, informed }: Pick<LeaveForm, 'approvers' | 'informed'>): object => ({
  node_list: [
    ...approvers.map(userid => ({ type: 1, apv_rel: 2, userid: [...userid] })),
    ...(informed.length > 0 ? [{ type: 2, userid: [...informed] }] : []),
  ],
})

/** Lines of the approver's notification, at most 20 characters each (/91853). */
export const summaryOf = ({ type, days, reason }: LeaveForm, span: string): object[] =>
  [`${type} ${days} 天`, span, reason]
    .map(line => cutChars(oneLine(line), 20))
    .filter(line => line !== '')
    .map(line => ({ summary_info: [{ text: line, lang: 'zh_CN' }] }))

const statuses: Record<number, ApprovalStatus> = {
  ...{ 1: 'pending', 2: 'approved', 3: 'rejected', 4: 'withdrawn', 6: 'revoked', 7: 'deleted', 10: 'approved' },
}

const node = z.looseObject({
  sub_node_list: z
    .array(
      z.looseObject({
        userid: z.string(),
        speech: z.string().nullish(),
        sp_yj: z.coerce.number(),
        sptime: z.coerce.number(),
      }),
    )
    .default([]),
})
const vacationValue = z.looseObject({
  vacation: z.looseObject({
    selector: z.looseObject({ options: z.array(z.looseObject({ key: z.coerce.string(), value: words })).min(1) }),
    attendance: z.looseObject({
      date_range: z.looseObject({ type: z.string(), new_begin: z.coerce.number(), new_end: z.coerce.number() }),
    }),
  }),
})
const detail = z.looseObject({
  info: z.looseObject({
    sp_no: z.coerce.string(),
    sp_status: z.coerce.number(),
    template_id: z.string(),
    apply_time: z.coerce.number(),
    applyer: z.looseObject({ userid: z.string() }),
    process_list: z.looseObject({ node_list: z.array(node).default([]) }).nullish(),
    apply_data: z
      .looseObject({ contents: z.array(z.looseObject({ control: z.string(), value: z.unknown() })).default([]) })
      .nullish(),
  }),
})

type Contents = Array<{ control: string; value?: unknown }>

/** Reads `oa/getapprovaldetail` (/91983): null when it is none, or of another template. */
export function readDetail(answer: unknown, templateId: string): Approval | null {
  const parsed = detail.safeParse(answer)
  if (!parsed.success || parsed.data.info.template_id !== templateId) return null
  const { sp_no, sp_status, apply_time, applyer, process_list, apply_data } = parsed.data.info
  const status = statuses[sp_status]
  if (!status) return null
  // 2 agreed, 3 refused, 13 agreed and asked one more.
  const decided = (process_list?.node_list ?? [])
    .flatMap(({ sub_node_list }) => sub_node_list)
    .filter(({ sp_yj }) => [2, 3, 13].includes(sp_yj))
    .sort((a, b) => a.sptime - b.sptime)
    .at(-1)
  const form = formOf(apply_data?.contents ?? [])
  return {
    ...{ id: sp_no, status, applicant: applyer.userid.toLowerCase(), submittedAt: new Date(apply_time * 1_000) },
    ...(decided && { decidedBy: decided.userid.toLowerCase() }),
    ...(decided?.speech && { words: decided.speech }),
    ...(form && { form }),
  }
}

function formOf(contents: Contents): Approval['form'] {
  const parsed = vacationValue.safeParse(contents.find(({ control: kind }) => kind === 'Vacation')?.value)
  if (!parsed.success) return undefined
  const { selector, attendance: asked } = parsed.data.vacation
  const { type, new_begin, new_end } = asked.date_range
  const area = z
    .looseObject({ text: z.string() })
    .safeParse(contents.find(({ control: kind }) => kind === 'Textarea')?.value)
  const option = selector.options[0]
  return {
    type: text(option?.value ?? []) || (option?.key ?? ''),
    from: new Date(new_begin * 1_000),
    to: new Date((type === 'hour' ? new_end : new_end + halfDay) * 1_000),
    reason: area.success ? area.data.text : '',
  }
}
