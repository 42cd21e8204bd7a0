import type { PersonInput } from '../people/schema.ts'
import { roleNames } from '../policy/terms.ts'

/** A person as the cells of a table, by title: what an export writes and an import reads back as the same person. */
export function personCells(input: PersonInput): Record<string, string> {
  const { name, mobile, team, roles, post, wecom, dingtalk, joinedOn, leftOn } = input
  const all = {
    ...{ 姓名: name, 手机: mobile, 班组: team, 角色: roles?.map(role => roleNames[role]).join('、'), 岗位: post },
    ...{ 企业微信账号: wecom?.userId, 钉钉账号: dingtalk?.userId, 入职日期: joinedOn, 离职日期: leftOn },
  }
  return Object.fromEntries(Object.entries(all).flatMap(([title, value]) => (value ? [[title, value]] : [])))
}
