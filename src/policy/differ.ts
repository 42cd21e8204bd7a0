/** What two texts of a rule book have not in common, setting by setting, in words. */

export interface Setting {
  /** `时限「完成时限」· 时长`. */
  where: string
  /** Null: it is not there. */
  before: string | null
  after: string | null
}

type Raw = Readonly<Record<string, unknown>>

const isMap = (value: unknown): value is Raw => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Settings of which one side has another value, or none. What is told apart by a name is compared by it. */
export const settingsChanged = (before: unknown, after: unknown): Setting[] => compare([], before, after)

function compare(path: readonly string[], before: unknown, after: unknown): Setting[] {
  if (written(before) === written(after)) return []
  if (isMap(before) && isMap(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap(key => compare([...path, labels[key] ?? key], before[key], after[key]))
  }
  if (isList(before) && isList(after)) return compareLists(path, before, after)
  const where = path.join(' · ')
  return [
    {
      where,
      before: before === undefined ? null : written(before),
      after: after === undefined ? null : written(after),
    },
  ]
}

/** A list whose members can be told apart. */
const isList = (value: unknown): value is Raw[] =>
  Array.isArray(value) && value.length > 0 && value.every(one => isMap(one) && nameOf(one) !== null)

function compareLists(path: readonly string[], before: readonly Raw[], after: readonly Raw[]): Setting[] {
  const [was, is] = [named(before), named(after)]
  const last = path.at(-1) ?? ''
  const at = (name: string) => [...path.slice(0, -1), `${last}「${name}」`]
  const changed = [...new Set([...was.keys(), ...is.keys()])].flatMap(name =>
    compare(at(name), was.get(name), is.get(name)),
  )
  const [old, now] = [[...was.keys()].filter(name => is.has(name)), [...is.keys()].filter(name => was.has(name))]
  // The first that fits counts, and items may use earlier ones: an order is a rule, too.
  const moved = old.join('\n') !== now.join('\n')
  return [
    ...changed,
    ...(moved ? [{ where: `${path.join(' · ')} · 先后`, before: old.join('、'), after: now.join('、') }] : []),
  ]
}

function named(list: readonly Raw[]): Map<string, Raw> {
  const found = new Map<string, Raw>()
  for (const one of list) {
    const name = nameOf(one) ?? ''
    let nth = 1
    while (found.has(nth === 1 ? name : `${name} ${nth}`)) nth += 1
    found.set(nth === 1 ? name : `${name} ${nth}`, one)
  }
  return found
}

function nameOf(one: Raw): string | null {
  for (const key of ['name', 'item', 'kind', 'type', 'id'])
    if (typeof one[key] === 'string') return key === 'kind' ? (kinds[one[key]] ?? one[key]) : one[key]
  return null
}

/** A value on one line, as yaml could have it. */
function written(value: unknown): string {
  if (value === undefined) return ''
  if (Array.isArray(value)) return `[${value.map(written).join(', ')}]`
  if (isMap(value)) {
    const pairs = Object.entries(value).map(([key, one]) => `${key}: ${written(one)}`)
    return `{ ${pairs.join(', ')} }`
  }
  return String(value)
}

const kinds: Readonly<Record<string, string>> = {
  ...{ dispatch: '派单时限', accept: '接单时限', contact: '联系时限', arrive: '到达时限', complete: '完成时限' },
  ...{ revisit: '回访时限', appointment: '预约' },
}

const labels: Readonly<Record<string, string>> = {
  ...{ title: '名称', version: '版本', effective: '生效日', zone: '时区', hours: '上班时间', days: '上班日' },
  ...{
    calendar: '日历',
    dayParts: '一天各段',
    clocks: '时限',
    within: '时长',
    workdays: '工作日数',
    until: '截止钟点',
  },
  ...{
    basis: '怎么计时',
    start: '起点',
    stop: '终点',
    when: '什么单',
    warn: '提醒',
    overdue: '超时以后',
    tell: '告诉谁',
  },
  ...{
    pauses: '暂停',
    appointment: '约了时间',
    latest: '最晚',
    quietHours: '静默时间',
    nudges: '提醒方式',
    daily: '每天的清单',
  },
  ...{
    weekly: '周报',
    targets: '目标',
    assign: '派工',
    rework: '返修',
    leak: '漏氟',
    returns: '退换',
    revisit: '回访',
  },
  ...{
    complaints: '投诉',
    keyCustomers: '重点客户',
    keep: '个人信息保存',
    customers: '客户',
    photos: '照片',
    people: '离职人员',
    leave: '请假',
    types: '种类',
    approve: '谁批',
    deputies: '谁代批',
  },
  ...{ attendance: '考勤', late: '迟到', early: '早退', absence: '旷工', offPost: '离岗', grace: '宽限', fine: '罚款' },
  ...{
    incidents: '奖惩',
    items: '项目',
    amount: '金额',
    points: '积分',
    rules: '规则',
    figures: '月度数字',
    posts: '岗位',
  },
  ...{
    pay: '工资',
    formula: '公式',
    tiers: '分档',
    share: '分配',
    constants: '制度里的数',
    floor: '下限',
    cap: '上限',
  },
  ...{ scorecards: '考核表', columns: '栏', weight: '权重', full: '满分', month: '月结', appealDays: '申诉天数' },
  ...{ cases: '例子（时限）', payCases: '例子（工资）', leaveCases: '例子（请假）', attendanceCases: '例子（考勤）' },
  ...{ returnCases: '例子（退换）', facts: '经过', expect: '应当', suspend: '挂起', counts: '计数' },
}
