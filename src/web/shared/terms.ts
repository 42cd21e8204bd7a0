import type { Load, OrderPage, Row } from '../../console/wire.ts'
import type { Language } from './words.ts'

/** What states, kinds and clocks are called on pages. The Chinese is the one cards use (test/web/terms.test.ts). */

type Names<K extends string> = Record<Language, Record<K, string>>

export const stateNames: Names<Row['state']> = {
  zh: {
    ...{
      new: '待派',
      dispatched: '待接单',
      accepted: '待联系',
      contacted: '待上门',
      arrived: '在修',
      suspended: '挂起',
    },
    ...{ completed: '已完工', closed: '已结单', cancelled: '已取消' },
  },
  en: {
    ...{
      new: 'unassigned',
      dispatched: 'to accept',
      accepted: 'to contact',
      contacted: 'to visit',
      arrived: 'on site',
    },
    ...{ suspended: 'on hold', completed: 'done', closed: 'closed', cancelled: 'cancelled' },
  },
}

export const kindNames: Names<Row['kind']> = {
  zh: { install: '安装', repair: '维修', complaint: '投诉', revisit: '回访' },
  en: { install: 'installation', repair: 'repair', complaint: 'complaint', revisit: 'call-back' },
}

export const clockNames: Names<OrderPage['clocks'][number]['kind']> = {
  zh: {
    ...{ dispatch: '派单', accept: '接单', contact: '联系', arrive: '到达', complete: '完成', report: '报单' },
    revisit: '回访',
  },
  en: {
    ...{ dispatch: 'dispatch', accept: 'accept', contact: 'contact', arrive: 'visit', complete: 'finish' },
    ...{ report: 'report', revisit: 'call back' },
  },
}

export const restNames: Names<NonNullable<Load['rest']>> = {
  zh: { team: '今天休息', weekday: '今天休息', dayOff: '今天休息', leave: '请假' },
  en: { team: 'off today', weekday: 'off today', dayOff: 'off today', leave: 'on leave' },
}
