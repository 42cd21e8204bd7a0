import { Invalid } from '../../errors.ts'
import { type Act, type ApprovalKept, decide } from '../approvals.ts'
import { dayOf } from '../ids.ts'
import type { Outcome } from '../options.ts'
import type { ApprovalDeed } from '../wire.ts'
import { readApplication } from './applyevent.ts'
import { type Call, jsonBody } from './call.ts'
import type { Callbacks } from './callbacks.ts'
import type { Desk } from './desk.ts'
import { type Answer, ok, Refused } from './errcode.ts'
import { type LeaveTemplate, templateDetail } from './leavetemplate.ts'
import type { XmlValue } from './xml.ts'

/** Of WeCom's own app 审批. */
const approvalAgent = 3_010_040
const spStatus = { pending: 1, approved: 2, rejected: 3, withdrawn: 4, revoked: 6, deleted: 7 } as const
/** StatuChangeEvent names what was done (/91815). A deletion has none there: it comes as a withdrawal does. */
const changes: Record<ApprovalDeed | 'submit', number> = {
  ...{ submit: 1, approve: 2, reject: 3, withdraw: 6, revoke: 8, delete: 6 },
}
const rels = { all: 1, any: 2, turns: 3 } as const
const widestSeconds = 31 * 86_400
const second = (iso: string) => Math.floor(new Date(iso).getTime() / 1_000)

/** WeCom's 审批: what a program may ask it, and what people do there. */
export class Approvals {
  constructor(
    private readonly desk: Desk,
    private readonly callbacks: Callbacks,
  ) {}

  /** `oa/gettemplatedetail` */
  template(call: Call): Answer {
    if (jsonBody(call).template_id !== this.desk.credentials.leaveTemplateId)
      throw new Refused(301025, 'get template detail invalid parameter', 'template_id is unknown')
    return ok(templateDetail(this.desk.kept.template))
  }

  /** `oa/applyevent` */
  apply(call: Call): Answer {
    const applied = readApplication(this.desk, jsonBody(call))
    const name = this.desk.phones.person(applied.applicant)?.name ?? ''
    const approval: ApprovalKept = {
      ...{ id: this.nextNumber(), form: this.desk.credentials.leaveTemplateId, title: `${name}提交的请假`, ...applied },
      ...{ status: 'pending', at: this.desk.clock.now().toISOString(), step: 0, acts: [] },
    }
    this.desk.kept.approvals.set(approval.id, approval)
    this.desk.changed()
    void this.tell(approval, 'submit')
    return ok({ sp_no: approval.id })
  }

  /** `oa/getapprovaldetail` */
  detail(call: Call): Answer {
    const { sp_no: id } = jsonBody(call)
    const approval = typeof id === 'string' ? this.desk.kept.approvals.get(id) : undefined
    if (!approval) throw new Refused(301025, 'get approval param error', 'sp_no is unknown; it must be a string')
    return ok({ info: infoOf(approval) })
  }

  /** `oa/getapprovalinfo`: numbers by the time of submission, 100 at once, 31 days at most. */
  list(call: Call): Answer {
    const { starttime, endtime, new_cursor, size, filters } = jsonBody(call)
    const [start, end, most] = [Number(starttime), Number(endtime), Number(size)]
    const wrong = (what: string) => new Refused(301025, 'get approval param error', what)
    if (typeof starttime !== 'string' || typeof endtime !== 'string' || !(end > start))
      throw wrong('starttime, endtime')
    if (end - start > widestSeconds) throw wrong('starttime and endtime are more than 31 days apart')
    if (!(most >= 1 && most <= 100) || typeof new_cursor !== 'string')
      throw wrong('size must be 1–100, new_cursor a string')
    const wanted = filtersOf(filters)
    const found = [...this.desk.kept.approvals.values()].filter(approval => {
      const at = second(approval.at)
      return at >= start && at <= end && wanted.every(({ key, value }) => fieldOf(approval, key) === value)
    })
    const from = Number(new_cursor || 0)
    const page = found.slice(from, from + most)
    const next = from + most < found.length ? { new_next_cursor: String(from + most) } : {}
    return ok({ sp_no_list: page.map(({ id }) => id), ...next })
  }

  /** Somebody decides in the app 审批, or takes his own back. The service hears of it. */
  async act(id: string, act: Omit<Act, 'at'>): Promise<Outcome> {
    const approval = this.desk.kept.approvals.get(id)
    if (!approval) throw new Invalid(`there is no request ${id}`)
    decide(approval, { ...act, at: this.desk.clock.now().toISOString() })
    this.desk.changed()
    return this.tell(approval, act.did)
  }

  /** An administrator changes the leave template. */
  edit(change: Partial<LeaveTemplate>): void {
    Object.assign(this.desk.kept.template, change)
    this.desk.changed()
  }

  /** `202601150001`: the day, and which of it. */
  private nextNumber(): string {
    const day = dayOf(this.desk.clock.now()).replaceAll('-', '')
    const today = [...this.desk.kept.approvals.keys()].filter(id => id.startsWith(day)).length
    return `${day}${String(today + 1).padStart(4, '0')}`
  }

  private tell(approval: ApprovalKept, did: ApprovalDeed | 'submit'): Promise<Outcome> {
    const fields: Record<string, XmlValue> = {
      MsgType: 'event',
      Event: 'sys_approval_change',
      ApprovalInfo: {
        ...{ SpNoStr: approval.id, SpNo: Number(approval.id), SpName: '请假', SpStatus: spStatus[approval.status] },
        ...{ TemplateId: approval.form, ApplyTime: second(approval.at) },
        Applyer: { UserId: approval.applicant, Party: '1' },
        SpRecord: nodesOf(approval).map(node => ({
          ...{ SpStatus: node.status, ApproverAttr: node.rel === 'all' ? 2 : 1 },
          Details: node.people.map(({ who, words, status, at }) => ({
            ...{ Approver: { UserId: who }, Speech: words, SpStatus: status, SpTime: at },
          })),
        })),
        Notifyer: approval.informed.map(who => ({ UserId: who })),
        ProcessList: {
          NodeList: nodesOf(approval).map(node => ({
            ...{ NodeType: 1, SpStatus: node.status, ApvRel: rels[node.rel] },
            SubNodeList: node.people.map(({ who, words, status, at }) => ({
              ...{ UserInfo: { UserId: who }, Speech: words, SpYj: status, Sptime: at },
            })),
          })),
        },
        StatuChangeEvent: changes[did],
      },
    }
    return this.callbacks.deliver({
      ...{ name: 'sys_approval_change', userId: 'sys', kind: 'event', agentId: approvalAgent, fields },
    })
  }
}

/** The steps with what everybody did in them. 1 open, 2 agreed, 3 refused. */
function nodesOf(approval: ApprovalKept) {
  return approval.steps.map(({ rel, who }, step) => {
    const people = who.map(person => {
      const act = approval.acts.find(one => one.who === person && one.step === step && /approve|reject/.test(one.did))
      const status = act?.did === 'approve' ? 2 : act ? 3 : 1
      return { who: person, words: act?.words ?? '', status, at: act ? second(act.at) : 0 }
    })
    const status = people.some(one => one.status === 3) ? 3 : step < approval.step ? 2 : 1
    return { rel, status, people }
  })
}

const infoOf = (approval: ApprovalKept) => ({
  ...{ sp_no: approval.id, sp_name: '请假', sp_status: spStatus[approval.status], template_id: approval.form },
  ...{ apply_time: second(approval.at), applyer: { userid: approval.applicant, partyid: '1' } },
  sp_record: nodesOf(approval).map(({ rel, status, people }) => ({
    ...{ sp_status: status, approverattr: rel === 'all' ? 2 : 1 },
    details: people.map(({ who, words, status: own, at }) => ({
      ...{ approver: { userid: who }, speech: words, sp_status: own, sptime: at, media_id: [] },
    })),
  })),
  notifyer: approval.informed.map(userid => ({ userid })),
  apply_data: {
    contents: approval.contents.map(content => ({ ...(content as object), title: [{ text: '', lang: 'zh_CN' }] })),
  },
  comments: [],
  process_list: {
    node_list: nodesOf(approval).map(({ rel, status, people }) => ({
      ...{ node_type: 1, sp_status: status, apv_rel: rels[rel] },
      sub_node_list: people.map(({ who, words, status: own, at }) => ({
        ...{ userid: who, speech: words, sp_yj: own, sptime: at, media_ids: [] },
      })),
    })),
  },
})

function filtersOf(filters: unknown): Array<{ key: string; value: string }> {
  return (Array.isArray(filters) ? filters : []).map(filter => {
    const { key, value } = filter as { key?: unknown; value?: unknown }
    if (typeof key !== 'string' || typeof value !== 'string')
      throw new Refused(301025, 'get approval param error', 'filters')
    return { key, value }
  })
}

function fieldOf(approval: ApprovalKept, key: string): string {
  if (key === 'template_id') return approval.form
  if (key === 'creator') return approval.applicant
  if (key === 'sp_status') return String(spStatus[approval.status])
  return key === 'record_type' ? '1' : ''
}
