import { computed } from 'vue'
import { language, useWords } from '../../../shared/words.ts'

const roleNames: Record<string, readonly [string, string]> = {
  technician: ['技术员', 'Technician'],
  dispatcher: ['派工员', 'Dispatcher'],
  manager: ['经理', 'Manager'],
  finance: ['财务', 'Finance'],
}
const platformNames: Record<string, readonly [string, string]> = {
  wecom: ['企业微信', 'WeCom'],
  dingtalk: ['钉钉', 'DingTalk'],
}
const hows: Record<string, readonly [string, string]> = {
  api: ['接口录入', 'by the API'],
  file: ['名单文件', 'from the file'],
  mobile: ['按手机号找到', 'found by mobile'],
  code: ['绑定码', 'with a code'],
  page: ['在这里绑定', 'bound here'],
}

const of = (names: Record<string, readonly [string, string]>) => (name: string) =>
  names[name]?.[language.value === 'en' ? 1 : 0] ?? name

/** What the service names by a word of its own, as people read it; what is not known yet stays as it is. */
export const roleName = of(roleNames)
export const platformName = of(platformNames)
export const howName = of(hows)

export const weekdays = computed(() =>
  language.value === 'en'
    ? ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
    : ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
)

export const useStandings = () =>
  useWords(
    { active: '在岗', leave: '今天请假', partly: '今天请假（部分时间）', rest: '今天休息', left: '已离开' },
    { active: 'At work', leave: 'On leave today', partly: 'On leave for part of today', rest: 'Day off', left: 'Left' },
  )

/** What is wrong with single fields, where the service answers for programs. */
export const useFaults = () =>
  useWords(
    {
      name: '姓名要写，最多 40 个字。',
      mobile: '手机号是 1 开头的 11 位数字。',
      userId: '账号只能有字母、数字和 - _ @ . 。',
      joinedOn: '入职日期不对：不能晚于他在这个班组的最后一天。',
      leftOn: '最后一天要在入职之后，不能晚于今天。',
      post: '这个班组的制度里没有这个岗位。',
      policy: '没有这个制度。',
      roles: '至少选一个角色。',
      restDays: '固定休息最多六天：天天休息请办离开。',
    },
    {
      name: 'A name is needed, 40 characters at most.',
      mobile: 'A mobile has 11 digits and begins with 1.',
      userId: 'A user id has letters, digits and - _ @ .',
      joinedOn: 'He cannot have joined after his last day there.',
      leftOn: 'The last day lies between his first one and today.',
      post: 'The rule book of this team has no such post.',
      policy: 'There is no such rule book.',
      roles: 'Choose one role at least.',
      restDays: 'Six rest days at most: who never works has left.',
    },
  )
