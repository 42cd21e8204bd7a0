import { Permanent } from '../../errors.ts'
import { Once, type OnceDeps } from '../once.ts'
import type { Approval, Approvals, LeaveForm, Problem } from '../platform.ts'
import { dateIn, dayMs, minuteIn, pieces } from '../spans.ts'
import { Troubles } from '../troubles.ts'
import type { AppApi } from './api.ts'
import { contentsOf, type LeaveControls, processOf, readDetail, readTemplate, summaryOf } from './leaveform.ts'

/** `getapprovalinfo` answers for 31 days at most (/91816). */
const widestMs = 31 * dayMs
const mostAtOnce = 100
/** Codes that stay wrong until an operator mends them. */
const operators = ['no-permission', 'approvals-off', 'bad-template', 'bad-form']

/**
 * The company's own leave template in WeCom's 审批 (pages below developer.work.weixin.qq.com/document/path). There is no API
 * to decide or take back in somebody's name: people do that in the app 审批.
 */
export class LeaveApprovals implements Approvals {
  private controls: LeaveControls | undefined
  private readonly once: Once
  private readonly troubles: Troubles

  constructor(
    private readonly templateId: string,
    private readonly api: AppApi,
    private readonly deps: OnceDeps,
    app: string,
  ) {
    this.once = new Once(`wecom:${app}:leave`, deps)
    this.troubles = new Troubles(operators, deps.clock)
  }

  /** `oa/applyevent` (/91853) with our own steps: the template's flow is not used. */
  submit(form: LeaveForm): Promise<{ id: string }> {
    return this.troubles.watch(async () => {
      const make = () => this.apply(form)
      return { id: await this.once.run(form.id, make, () => this.find(form)) }
    })
  }

  private async apply(form: LeaveForm): Promise<string> {
    const cached = this.controls
    const controls = cached ?? (await this.template())
    try {
      return await this.applyWith(form, controls)
    } catch (error) {
      const ofTemplate = error instanceof Permanent && ['bad-form', 'approval-refused'].includes(error.code)
      if (!cached || !ofTemplate) throw refusal(error)
    }
    // Somebody may have edited the template: other ids, more leave types.
    const fresh = await this.template()
    return this.applyWith(form, fresh).catch(error => {
      throw refusal(error)
    })
  }

  private async applyWith(form: LeaveForm, controls: LeaveControls): Promise<string> {
    const contents = contentsOf(form, controls)
    if ('why' in contents) throw new Permanent('approval-refused', contents.why)
    const answer = await this.api.post('oa/applyevent', {
      creator_userid: form.applicant,
      template_id: this.templateId,
      use_template_approver: 0,
      process: processOf(form),
      apply_data: { contents },
      summary_list: summaryOf(form, spanOf(form)),
    })
    const { sp_no: id } = answer
    if (typeof id === 'string' && id !== '') return id
    throw new Permanent('no-number', 'oa/applyevent: an answer without sp_no', {
      fix: 'look for it in 审批, and report this',
    })
  }

  /** `oa/gettemplatedetail` (/91982). */
  private async template(): Promise<LeaveControls> {
    this.controls = undefined
    const read = readTemplate(await this.api.post('oa/gettemplatedetail', { template_id: this.templateId }))
    if ('why' in read)
      throw new Permanent('bad-template', `the template of WECOM_LEAVE_TEMPLATE_ID is no use: ${read.why}`, {
        fix: 'make a template with 假勤组件 → 请假 and one 多行文本, nothing else that must be filled in (docs/wecom.md)',
      })
    this.controls = read
    return read
  }

  /** The same request, whose number was lost on the way. */
  private async find(form: LeaveForm): Promise<string | null> {
    const now = this.deps.clock.now()
    const creator = { key: 'creator', value: form.applicant }
    const numbers = await this.list(new Date(now.getTime() - 2 * dayMs), new Date(now.getTime() + 60_000), [creator])
    for (const number of numbers.reverse()) {
      const found = await this.look(number)
      if (found && isSame(found, form)) return number
    }
    return null
  }

  /** `oa/getapprovaldetail` (/91983). */
  read(id: string): Promise<Approval | null> {
    return this.troubles.watch(() => this.look(id))
  }

  private async look(id: string): Promise<Approval | null> {
    try {
      return readDetail(await this.api.post('oa/getapprovaldetail', { sp_no: id }), this.templateId)
    } catch (error) {
      // What it says of a number it does not know: the parameter is wrong.
      if (error instanceof Permanent && error.code === 'bad-form') return null
      throw error
    }
  }

  submitted(from: Date, to: Date): Promise<string[]> {
    return this.troubles.watch(() => this.list(from, to, []))
  }

  private async list(from: Date, to: Date, filters: object[]): Promise<string[]> {
    const found = new Set<string>()
    for (const piece of pieces(from, to, widestMs)) for (const id of await this.listPiece(piece, filters)) found.add(id)
    // Numbers begin with the day and count up within it.
    return [...found].sort()
  }

  /** `oa/getapprovalinfo` (/91816), page by page; in halves where it says that there is too much (301112). */
  private async listPiece({ from, to }: { from: Date; to: Date }, filters: object[]): Promise<string[]> {
    const found: string[] = []
    try {
      let cursor: string | undefined = ''
      while (cursor !== undefined) {
        const answer = await this.api.post('oa/getapprovalinfo', {
          ...{ starttime: seconds(from), endtime: seconds(to), new_cursor: cursor, size: mostAtOnce },
          filters: [{ key: 'template_id', value: this.templateId }, ...filters],
        })
        const { sp_no_list: list, new_next_cursor: next } = answer
        for (const id of Array.isArray(list) ? list : []) if (typeof id === 'string') found.push(id)
        cursor = typeof next === 'string' && next !== '' && next !== cursor ? next : undefined
      }
      return found
    } catch (error) {
      const width = to.getTime() - from.getTime()
      if (!(error instanceof Permanent) || error.code !== 'too-wide' || width <= dayMs / 24) throw error
      const halves = pieces(from, to, Math.ceil(width / 2))
      return (await Promise.all(halves.map(half => this.listPiece(half, filters)))).flat()
    }
  }

  async withdraw(): Promise<boolean> {
    return false
  }

  problems(): Problem[] {
    return this.troubles.problems()
  }
}

const seconds = (at: Date): string => String(Math.floor(at.getTime() / 1_000))

const isSame = ({ form, status }: Approval, wanted: LeaveForm): boolean =>
  status === 'pending' &&
  form !== undefined &&
  form.type === wanted.type &&
  form.from.getTime() === wanted.from.getTime() &&
  form.to.getTime() === wanted.to.getTime()

/** As the approver reads it, within 20 characters: `11-25 至 11-26`, `11-25 09:00 至 11:30`. */
function spanOf({ unit, from, to }: LeaveForm): string {
  const last = new Date(to.getTime() - 1)
  if (unit === 'day')
    return dateIn(from) === dateIn(last) ? dateIn(from) : `${dateIn(from).slice(5)} 至 ${dateIn(last).slice(5)}`
  return dateIn(from) === dateIn(last)
    ? `${minuteIn(from).slice(5)} 至 ${minuteIn(to).slice(11)}`
    : `${minuteIn(from).slice(5, 13)}时 至 ${minuteIn(to).slice(5, 13)}时`
}

/** What is wrong with this very request, in words for who asked; anything else stays as it is. */
function refusal(error: unknown): unknown {
  if (!(error instanceof Permanent)) return error
  if (error.code === 'overlap')
    return new Permanent(
      'approval-refused',
      '企业微信里这段时间已经有一张请假、出差或外出的申请，不能重复。请换个时间，或先在企业微信的「审批」里撤销原来那张。',
    )
  if (error.code === 'no-such-user')
    return new Permanent('approval-refused', '企业微信不认得申请人或审批人的账号，请派工员检查账号绑定。', {
      fix: error.fix ?? '',
    })
  if (error.code === 'bad-form')
    return new Permanent(
      'approval-refused',
      `企业微信没有接受这张请假单。请在企业微信的「审批」里自己提交，或请管理员检查请假模板。`,
      { fix: `${error.message}: ${error.fix ?? ''}` },
    )
  return error
}
