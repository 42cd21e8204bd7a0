import { roleNames } from '../policy/terms.ts'
import type { Column } from './columns.ts'

/** Columns of a table of people, as an import reads and an export writes them. */

export type PersonField =
  | ('name' | 'mobile' | 'team' | 'roles' | 'post' | 'wecom' | 'dingtalk' | 'joinedOn' | 'leftOn')
  | 'active'

export const peopleColumns: ReadonlyArray<Column<PersonField>> = [
  {
    ...{ field: 'name', title: '姓名', also: ['名字', '员工姓名', '人员姓名'], example: '张三', needed: true },
    about: '必填。在群里怎么叫他；全公司不能重名，最多 40 个字。',
  },
  {
    ...{ field: 'mobile', title: '手机', example: '13800000002' },
    also: ['手机号', '手机号码', '电话', '联系电话', 'phone'],
    about: '11 位手机号。已有这个手机号的人会被更新，不会重复。',
  },
  {
    ...{ field: 'team', title: '班组', also: ['团队', '所属班组', '部门', '组别'], example: '一班' },
    about: '已经建好的班组的名字；不填就是导入时选的班组。',
  },
  {
    ...{ field: 'roles', title: '角色', also: ['权限', '身份', 'role'], example: '技术员' },
    about: '技术员、派工员、经理、财务；有几个就用顿号隔开。新来的人必填，已有的人不填就不变。',
  },
  {
    ...{ field: 'post', title: '岗位', also: ['职位', '职务'], example: '' },
    about: '制度里列出的岗位，算绩效用。',
  },
  {
    ...{ field: 'wecom', title: '企业微信账号', example: 'zhangsan' },
    also: ['企业微信', '企微账号', '企微', '企业微信id', '企业微信userid', 'wecom userid'],
    about: '企业微信通讯录里的账号（不是姓名）。',
  },
  {
    ...{ field: 'dingtalk', title: '钉钉账号', example: '' },
    also: ['钉钉', '钉钉id', '钉钉userid', 'dingtalk userid'],
    about: '钉钉通讯录里的 userId。',
  },
  {
    ...{ field: 'joinedOn', title: '入职日期', example: '2026-11-03' },
    also: ['入职时间', '入职', '到岗日期', 'joined on'],
    about: '进这个班组的第一天，2026-11-03。',
  },
  {
    ...{ field: 'leftOn', title: '离职日期', example: '' },
    also: ['离职时间', '离职', 'left on'],
    about: '在这个班组的最后一天。填了就是已经离开：不再派单给他。',
  },
  { field: 'active', title: '在职', also: [], example: '', about: '', shown: true },
]

/** All the roles there are, as sentences list them. */
export const rolesSaid = Object.values(roleNames).join('、')
