/**
 * What is known of every month without a word in the rule book: formulas use these by their names. `team`: of the team as
 * well as of each person. Money in yuan.
 */
export const monthFacts = {
  当月天数: { unit: '天', team: true },
  当月工作日: { unit: '天', team: true },
  /** 1 in the last month of a quarter, of a year; else 0. */
  季末: { unit: '', team: true },
  年末: { unit: '', team: true },
  /** Persons with a payslip; the same by the part of the month they were employed. */
  人数: { unit: '人', team: true },
  折合人数: { unit: '人', team: true },
  在职天数: { unit: '天', team: false },
  完成单: { unit: '单', team: false },
  安装单: { unit: '单', team: false },
  维修单: { unit: '单', team: false },
  空单: { unit: '单', team: false },
  /** Jobs after which the same fault was reported again (R1.10). */
  返修单: { unit: '单', team: false },
  /** By the clock 完成. */
  及时单: { unit: '单', team: false },
  超时单: { unit: '单', team: false },
  联系及时单: { unit: '单', team: false },
  联系超时单: { unit: '单', team: false },
  /** Called back with a grade; graded 满意 or better; that complained. */
  评价单: { unit: '单', team: false },
  满意单: { unit: '单', team: false },
  投诉单: { unit: '单', team: false },
  收费额: { unit: '元', team: false },
  积分: { unit: '分', team: false },
  /** Of confirmed incidents. */
  罚款: { unit: '元', team: false },
  奖金: { unit: '元', team: false },
  /** 1, or 0 when an incident took it. */
  考评资格: { unit: '', team: false },
  /** Of confirmed incidents: days off work without pay (R9.7), and how many propose dismissal; the service itself takes neither. */
  停工天数: { unit: '天', team: false },
  辞退提议: { unit: '次', team: false },
  考勤罚款: { unit: '元', team: false },
  迟到: { unit: '次', team: false },
  早退: { unit: '次', team: false },
  脱岗: { unit: '次', team: false },
  旷工天数: { unit: '天', team: false },
  请假天数: { unit: '天', team: false },
  /** R4.6. */
  月满勤奖: { unit: '元', team: false },
  年满勤奖: { unit: '元', team: false },
  半年满勤奖: { unit: '元', team: false },
  /** What the items above this one come to by then. */
  应发: { unit: '元', team: false },
  已扣: { unit: '元', team: false },
} as const satisfies Record<string, { unit: string; team: boolean }>

export type MonthFact = keyof typeof monthFacts
export const isMonthFact = (name: string): name is MonthFact => Object.hasOwn(monthFacts, name)
