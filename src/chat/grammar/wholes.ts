import type { OrderWish, Wish } from '../intent.ts'
import { core } from './fillers.ts'

/** Sentences that are ours only when nothing else is said. Compared with the core of the text. */
const wholes: readonly (readonly [RegExp, Wish])[] = [
  [
    /^(?:我的(?:单子?|活儿?|工单|任务|订单|派单)|(?:我?今[天日])?(?:我|还)?有(?:什么|啥|哪些|几个?|多少)(?:单子?|活儿?|工单|任务|派单)|(?:我)?(?:还有)?(?:几|多少)(?:单|活)|(?:我的)?待办|今[天日]我的(?:单子?|活|工单))[?？]?$/,
    { about: 'list', which: 'mine' },
  ],
  [
    /^(?:今日|今[天日]的?(?:单子?|工单|派单|订单|派工|任务)|今日(?:汇总|情况|概况)|今天情况)[?？]?$/,
    { about: 'list', which: 'today' },
  ],
  [
    /^(?:查看?|看看?)?(?:今天)?(?:有)?(?:哪些|什么)?的?(?:超时|逾期|超期)的?(?:单子?|工单|订单|列表)?(?:有哪些)?[?？]?$/,
    { about: 'list', which: 'late' },
  ],
  [
    /^(?:查看?|看看?)?(?:(?:有)?(?:哪些|什么))?(?:(?:待|该|要)回访的?|(?:未|没|还没|没有|还没有)回访的)(?:单子?|工单|列表|清单|名单)?(?:有哪些)?[?？]?$/,
    { about: 'list', which: 'revisits' },
  ],
  [/^回访(?:单子?|列表|清单|任务)[?？]?$/, { about: 'list', which: 'revisits' }],
  [/^(?:哪些|什么|哪个)(?:单子?|工单)?(?:超时|逾期|超期)[?？]?$/, { about: 'list', which: 'late' }],
  [/^(?:看看?|查看?|发|发个|发一下)?(?:今[天日]的?)?日报[?？]?$/, { about: 'list', which: 'daily' }],
  [
    /^(?:看看?|查看?|发|发个|发一下)?(?:上(?:一?个)?(?:周|星期|礼拜)的?)?周报[?？]?$/,
    { about: 'list', which: 'weekly' },
  ],
  [/^(?:要)?(?:撤回|撤销)(?:上一?[条个步]|上次|刚才(?:那[条个])?的?)?(?:\d{4,6})?$/, { about: 'undo' }],
  [/^(?:刚才|刚刚)?(?:说|发|打|点|按|报|回|弄|搞|填)错(?:单|字)?$/, { about: 'undo' }],
  [
    /^(?:帮助|菜单|使用?帮助|使用说明|说明|help|怎么用|(?:能|会|可以)(?:做|干)(?:什么|啥)|(?:都)?有(?:什么|哪些)(?:功能|命令|指令)|命令|指令)?[?？]*$/,
    { about: 'help' },
  ],
  [/^(?:确认|确定|是|是的|对|对的|没错|对对|yes|y)$/, { about: 'confirm', yes: true }],
  [/^(?:取消|不对|否|不是|不是的|不|算|算了|不用|no|n)$/, { about: 'confirm', yes: false }],
]

/** Wishes about an order that are said in one word beside its code, or under its card. */
const oneWord: readonly (readonly [RegExp, OrderWish])[] = [
  [/^(?:接|接下|收单|接活|我?抢|抢|我?要|我?来|我?去)$/, { do: 'accept' }],
  [/^(?:到|到位|上门|人到)$/, { do: 'arrive' }],
  [/^(?:走|在路|路上)$/, { do: 'depart' }],
  [/^(?:不去|退)$/, { do: 'decline' }],
  [/^(?:继续|恢复)$/, { do: 'resume' }],
  [/^(?:求救|救命|sos)$/, { do: 'askHelp' }],
]

const show =
  /^(?:查|查看|看|看看|查询|查下|看下|单|单子|工单|订单|派工单|单号|号|号单|详情|信息|情况|进度|状态|地址|电话|客户|的|什么|啥|怎么样|怎样|多少|在哪|哪里|到哪|是|呢|现在|目前|帮|给|发|资料|时间|[?？])*$/

const acknowledged = /^(?:收到|ok|okay|好|好的|好嘞|得嘞|行|可以|没问题|明白|知道|了解|收|妥|遵命|没毛病)+$/

export function wholeWish(norm: string): Wish | undefined {
  const said = core(norm)
  const bare = norm.replace(/[\s,，.。!！~～]/g, '')
  if (bare === '') return undefined
  for (const [pattern, wish] of wholes) if (pattern.test(said === '' ? bare : said)) return wish
  return undefined
}

/** `said` is the core without codes. */
export const oneWordWish = (said: string): OrderWish | undefined => oneWord.find(([pattern]) => pattern.test(said))?.[1]
export const isShow = (said: string): boolean => show.test(said)

/** 收到, ok, 好的, 👌: they accept, but only under a quoted card. */
export function isAcknowledgement(text: string, norm: string): boolean {
  const said = core(norm)
  const signs = /👌|👍|🆗|🙏|\[(?:ok|强|握手|好的|抱拳)\]/i.test(text)
  return said === '' ? signs || /^(?:嗯+|哦|好)/.test(norm.trim()) : acknowledged.test(said)
}
