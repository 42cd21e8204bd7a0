import type { Cause } from './causes.ts'

/** What a cause of lateness is called in reports and explanations. */
export const causeNames: Readonly<Record<Cause, string>> = {
  lateDispatch: '派晚了',
  notAccepted: '没及时接单',
  declined: '拒单',
  withdrawn: '收回过',
  reassigned: '改派',
  parts: '等配件',
  majorRepair: '大修',
  customer: '客户改约',
  otherPause: '其他原因挂起',
  unreachable: '联系不上',
  agreedLate: '约在时限之后',
  onSite: '现场超时',
  onTheWay: '路上超时',
  silent: '没有动静',
  slow: '没赶上',
}
