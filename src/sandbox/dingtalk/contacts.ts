import { z } from 'zod'
import type { SandboxPerson } from '../wire.ts'
import { type Call, okOld, oldShaped } from './call.ts'
import { type Desk, unionIdOf } from './desk.ts'
import { oldRefused } from './refused.ts'

const root = 1
/** Everybody at the desk works here. */
const department = { dept_id: 2, name: '售后部', parent_id: root }

const id = z.coerce.number().int()
const page = z.looseObject({ dept_id: id, cursor: id, size: id })
const nobody = () => oldRefused(60121, '找不到该用户')

/** The contacts of the old host, not billed (dingtalk.md §8.3). */
export class Contacts {
  constructor(private readonly desk: Desk) {}

  /** `POST /topapi/v2/user/get` */
  user(call: Call): Record<string, unknown> {
    const { userid } = oldShaped(z.looseObject({ userid: z.string() }), call)
    const person = this.desk.phones.byDingtalkId(userid)
    if (!person) throw nobody()
    return okOld({ result: this.seen(person) })
  }

  /** `POST /topapi/v2/user/getbymobile` */
  byMobile(call: Call): Record<string, unknown> {
    const { mobile } = oldShaped(z.looseObject({ mobile: z.coerce.string() }), call)
    if (!/^1\d{10}$/.test(mobile)) throw oldRefused(40104, '不合法的手机号码')
    const person = this.desk.phones.byMobile(mobile)
    if (!person) throw nobody()
    return okOld({ result: { userid: person.dingtalkId } })
  }

  /** `POST /topapi/user/getbyunionid` */
  byUnionId(call: Call): Record<string, unknown> {
    const { unionid } = oldShaped(z.looseObject({ unionid: z.string() }), call)
    const person = this.desk.phones.everybody().find(one => unionIdOf(this.desk, one) === unionid)
    if (!person) throw nobody()
    return okOld({ result: { contact_type: 0, userid: person.dingtalkId } })
  }

  /** `POST /topapi/v2/department/listsub`: one level. */
  departments(call: Call): Record<string, unknown> {
    const { dept_id } = oldShaped(z.looseObject({ dept_id: id.optional() }), call)
    this.checkDepartment(dept_id ?? root)
    return okOld({ result: (dept_id ?? root) === root ? [department] : [] })
  }

  /** `POST /topapi/user/listsimple`: this department only. */
  members(call: Call): Record<string, unknown> {
    const { dept_id, cursor, size } = oldShaped(page, call)
    this.checkDepartment(dept_id)
    if (size < 1 || size > 100) throw oldRefused(40035, '不合法的参数: size')
    const all = dept_id === department.dept_id ? this.desk.phones.everybody() : []
    const list = all.slice(cursor, cursor + size).map(person => ({ userid: person.dingtalkId, name: person.name }))
    const has_more = cursor + size < all.length
    return okOld({ result: { list, has_more, ...(has_more ? { next_cursor: cursor + size } : {}) } })
  }

  private checkDepartment(dept: number): void {
    if (dept !== root && dept !== department.dept_id) throw oldRefused(60003, '部门不存在')
  }

  private seen(person: SandboxPerson) {
    return {
      userid: person.dingtalkId,
      unionid: unionIdOf(this.desk, person),
      name: person.name,
      mobile: person.mobile,
      title: person.title,
      dept_id_list: [department.dept_id],
      leader_in_dept: [{ dept_id: department.dept_id, leader: false }],
      role_list: [],
      active: true,
      admin: false,
      boss: false,
    }
  }
}
