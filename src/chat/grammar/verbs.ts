import type { OrderWish } from '../intent.ts'
import { codeSign, matches, type Range } from './text.ts'

/** A reading of a verb. `cancelPart` (取消预约) names nothing that can be done in one step, so it is asked. */
export type Reading = OrderWish['do'] | 'cancelPart' | 'stuck'

export interface Verb extends Range {
  reads: Reading
  words: string
  /** Yields to any plain verb beside it: 帮忙, 机器正常. */
  soft: boolean
}

const customer = '(?:客户|用户|业主|顾客|对方|人家|他|她)'
const withCustomer = `(?:(?:和|跟|与|给|同)?${customer})?`
const time =
  '(?=[\\s,，:的在是]*(?:今|明|后天|大后天|周|星期|礼拜|[下本这]个?[周月星]|上午|早上|下午|晚上|中午|傍晚|初|\\d{1,2}[.:月号日点/-]|\\d{1,2}\\s*到|[一二三四五六七八九十两]+[点号月日]))'
const piece = '(?:配件|件|零件|材料|备件|主板|货)'

/**
 * Sources of patterns over normalised text. Leftmost, then longest, wins; so a phrase that contains a shorter verb
 * (没人接, 马上到, 取消挂起) is read as the phrase.
 */
const table: readonly (readonly [Reading, string, 'soft'?])[] = [
  [
    'accept',
    '接单(?!率|时间|量|数|规则|人)|接(?:这|此|该|了?这)个?单|接受(?:派工|派单|任务|订单|工单)?|已接单?(?!电话)',
  ],
  [
    'accept',
    '(?<![直间衔连焊迎没人联])接了(?!个?电话|个|一|线|管)|(?:我来?|这单我?)接(?!到|了?个?电话|的|触|手|口|线|不)了?',
  ],
  ['accept', '(?:我来?|我要)抢单?|抢到?了'],
  ['offer', '抢单|(?:放|发|挂|丢)(?:到|在)?群里?(?:让大家)?抢单?|开抢'],
  ['decline', '拒单|拒绝(?:接单|派工|派单|工单)|拒接(?!电话)|不接(?:这|此)?单?(?!电话|听|通|手机|我|地|线)|接不了单?'],
  [
    'decline',
    '[去做干]不了|(?:不想|不能|不愿意?|没法|无法)(?:接单?|去|做)(?!电话|掉|到)|退单|推掉|不去了|赶不过去|(?<!电)(?:过|赶)不(?:过)?去',
  ],
  ['decline', '让别人(?:去|接)|派别人|换个?人(?:去|吧)'],
  ['contacted', `已经?${withCustomer}(?:电话)?(?:联系|预约|沟通)(?:好|过|上|到|了|完)*${customer}?了?`],
  ['contacted', `(?<!再|不)${withCustomer}(?:电话)?联系${customer}?(?:好|过|上|到|完|妥|成功)了?`],
  ['contacted', `(?:刚|都)?${withCustomer}(?:电话)?联系(?:了${customer}?|${customer}了)`],
  ['contacted', `${withCustomer}(?:打|通)(?:过|了|完)(?:个)?电话了?|电话(?:已经?)?(?:打过|打了|打通|通过)了?|打通了`],
  ['contacted', `${withCustomer}(?<![大节改合违再另重])(?:预?约|沟通|协商|商量|定|说)(?:好|妥)了?(?:时间)?`],
  ['contacted', `${withCustomer}(?<![大节改合违再条邀制另新])预?约(?:了|在|到|的?是?|的)?${time}`],
  ['contacted', '(?<![大节改合违再条邀制另新])预?约了|预约成功|约到了'],
  [
    'unreachable',
    `联系不(?:上|到)${customer}?|联络不上|(?:电话)?(?:一直|还是|都)?(?:没)?打不通|没打通|没(?:有)?联系[上到]${customer}?`,
  ],
  ['unreachable', '(?:一直|都)?(?:没人|无人)(?:接听|接电话|应答|接)(?!单|活|手)(?:电话)?'],
  [
    'unreachable',
    `(?:${customer}|电话|手机)(?:一直|都|也|老|总)?(?:不接|没接|拒接)(?:电话|听|手机)?|(?:不接|没接)(?:电话|听|通)|一直不接`,
  ],
  ['unreachable', '(?:电话|手机|号码)(?:是|已经?|打)?(?:不通|停机|关机|占线|没通)|无法接通|空号|不在服务区'],
  [
    'unreachable',
    '(?<![自动器调箱能法不会开了机])(?:已|一直)?关机(?!键|后|就|时|状态下)|(?<![器动调箱会自])停机(?!位|坪|后|时)',
  ],
  [
    'confirmUnreachable',
    '(?:确认|核实)了?GAP(?:客户|用户)?GAP(?:联系不[上到]|打不通)|联系不[上到]GAP(?:已)?(?:属实|确认)',
  ],
  [
    'reschedule',
    `(?:${customer}(?:说|要求?|想|又|临时|电话)*)?(?:改约|改期|改个?(?:了|一?下)?(?:预约|上门)?时间|更改时间|另约|重新预?约|往后推)(?:到|至|为|成)?`,
  ],
  [
    'reschedule',
    `(?:${customer}(?:说|要求?|想|又|临时|电话)*)?(?:改(?:到|成|在|为|至)?|(?:推迟|延期|延后|推后|提前|挪|换|顺延|推|延)(?:到|至)|提前)${time}`,
  ],
  ['reschedule', `(?:${customer}(?:说|要求?|想|又|临时|电话)*)?(?:推迟|延期|延后|推后|改天|改日)(?:到|至)?`],
  [
    'depart',
    '出发(?!点|地|时间)|(?:正?在|已在)?(?:去|过去|赶去|赶来|来)?的?路上|上路了?|动身|出门了|在赶(?:过?去|路)|正(?:在)?(?:赶|往)(?:过?去|那|客户)',
  ],
  [
    'depart',
    '马上(?:就)?(?:能|要)?(?:到(?!期)|过去|过来)|(?:快|就快|就要|即将|差不多|快要)到(?!期|时|货|件|点)了?|这就(?:去|过去|到|来)|(?:往|去)客户家(?:走|赶)',
  ],
  ['arrive', `到达|抵达|已经?到(?!期|账|位货|货|件|时|配|零|点|底|${time})(?:达|场)?|到现场|到位了|到场了?`],
  [
    'arrive',
    '(?<![收迟遇碰等看听找得想拿送买订签说提改做办折调换回用遭感直谈学见料查测件货板机约接修联感期款率间约打搞弄户他她来度温压签受])(?:赶到|走到|到)(?:了|啦|咯)',
  ],
  [
    'arrive',
    '(?<![送拉寄发收找打回联接约改快换装移搬修])(?:赶|走)?到(?:客户|用户|业主)(?:家|那|这)?(?:里|门口|楼下)?了?|(?<![送放拉寄发])到(?:门口|楼下|小区|地方)了?|上门了|已经?上门|进门了',
  ],
  // Only ever denied: 还没到, 没接, 未联系, 没修.
  ['arrive', '(?<=没有?|未)到(?![期时货件]|配件)'],
  ['accept', '(?<=没有?|未)接(?!通|电话|到|好|线|上|听)'],
  ['contacted', `(?<=没有?|未|没时间|没来得及)(?:${withCustomer}联系|(?:${withCustomer})?打电话)`],
  ['complete', '(?<=没有?|未)(?:修|装|弄|完)(?!改)'],
  ['suspend', '(?:先)?挂起|挂单|暂停|先挂着'],
  [
    'suspend',
    `(?:在|还|要|得|需要?|先){0,3}等(?:待)?(?:厂家|公司|总部|仓库)?(?:发|寄|调)?${piece}(?!到)|(?:缺|差|没有?|无)(?:少)?(?:配件|零件|备件|件(?!事)|货)(?!坏)`,
  ],
  [
    'suspend',
    `${piece}(?:还)?(?:没到|未到|不到|没货|缺货|没有货)货?|(?:要|得|需要?|先)(?:订|定|申请)(?:购)?(?:配)?件|等(?:待)?${piece}到货?`,
  ],
  ['suspend', `等(?:待)?(?:一?下)?(?:客户|用户|业主)`],
  ['suspend', '大修|返厂|(?:要|需要?|得)?(?:拉|带)(?:回|走)(?:去|厂|店|来)?(?:里)?(?:维?修)?'],
  [
    'resume',
    `恢复(?!正常|出厂|制冷|供|使用|原)|取消挂起|解除挂起|${piece}(?:已经?|都)*(?:到(?:货|齐|位|店)?了|到货|已到|到齐)|到货了?|复工`,
  ],
  ['resume', '(?:可以|可)?继续(?!使用|用|观察|等|保持|联系|打|漏|响)(?:干|修|做|维修|处理|施工|安装|上门)?'],
  [
    'complete',
    '完工|完成(?!率|时限|时间|度|不|情况|后)|竣工|完事|搞定(?!不)|(?:安装|维修|施工|处理|清洗|作业)(?:完毕|完成|好了?|完了?)',
  ],
  [
    'complete',
    '(?:修|装|弄|整|调|换|洗|移)(?:好|完|妥)(?!的|几|像)(?:了|啦|咯)?|(?:搞|做|干|忙)(?:好|完|妥)了|(?:已|问题)?解决了|已解决|已修复?',
  ],
  ['emptyRun', '空单|空跑|白跑一?趟?'],
  [
    'emptyRun',
    `没有?(?:毛病|故障)|没坏|(?:机器|设备|空调|冰箱|洗衣机|电视)(?:是|一切|都)?正常(?!工作|运行)|无故障|未发现(?:故障|问题)|${customer}?误报`,
    'soft',
  ],
  ['askHelp', '求助|求援|请求?支援|需要(?:支援|帮[忙助])|搞不定|来个人帮|谁能帮|支援一下'],
  ['askHelp', '帮(?:个)?忙|帮帮忙', 'soft'],
  ['stuck', '[修弄装整]不(?:好|了|成)'],
  [
    'whyLate',
    '(?:为什么|为啥|为何|怎么|咋|凭什么)GAP(?:我?的?单?子?)?(?:就|会|又|算|说|是|显示)*GAP(?:超时|逾期|超期)|(?:超时|逾期)的?原因|(?:超时|逾期)了?GAP(?:是)?(?:怎么|为什么|为啥|咋)',
  ],
  [
    'assign',
    '改派(?:给|到)?|转(?:派|单)(?:给)?|转给|指派(?:给)?|派(?:工|单)?给|分(?:派|配)?给|交给|派(?:单|工)?(?=[\\s#]*CODE)|重新派单?(?:给)?',
  ],
  ['urge', '加急|催单|催一?(?:下|催)|催促'],
  ['cancelPart', '取消(?:了)?(?:预约|加急|改派|改约|派单|抢单)'],
  [
    'cancel',
    `取消|作废|销单|撤单|${customer}(?:说|要求|表示|又|现在|他|自己)*(?:不|不用|不需要)(?:修|装|做|要|维修|安装|弄)了?`,
  ],
  [
    'returns',
    '退换[货机]?|退[货机](?!款|率)|(?<![更调变转交替兑切改])换(?:货(?!率|架)|机(?![油械芯组板壳盖头型箱位]))',
  ],
  [
    'report',
    '(?<!去|怎么)(?:已经?)?报(?:了|过)?单(?!价|位|的|号|时限|率)了?|交(?:了)?(?:回单|单据|回执)|(?:回单|单据|回执|旧件)(?:都|已经?)*交了?',
  ],
  ['revisit', '(?:已经?)?(?:电话)?回访(?:过|了|完|好|完成)*(?!单|任务|时限|率|员|电话|表)'],
  ['close', '结单|关单|结案|办结|归档|关闭\\s*(?:工单|订单|单子?|CODE)'],
]

/** CODE is where a code stood, GAP a space that may hold one. */
const compile = (source: string) =>
  new RegExp(source.replaceAll('GAP', `[\\s${codeSign}]*`).replaceAll('CODE', codeSign), 'g')

const patterns = table.map(([reads, source, soft]) => ({ reads, soft: soft === 'soft', pattern: compile(source) }))

/** Every verb of ours in the text, left to right. */
export function findVerbs(norm: string): Verb[] {
  const all = patterns.flatMap(({ reads, soft, pattern }) =>
    [...matches(norm, pattern)].map(({ start, end, match }) => ({ reads, soft, start, end, words: match[0] })),
  )
  all.sort((a, b) => a.start - b.start || b.end - a.end)
  const kept: Verb[] = []
  for (const verb of all) if (verb.start >= (kept.at(-1)?.end ?? 0)) kept.push(verb)
  return kept
}

/**
 * Readings that take another as part of what they say: 完工 implies 到达, and what follows 拒单 is its reason.
 * Where two remain, the person is asked.
 */
const takes: Partial<Record<Reading, readonly Reading[]>> = {
  contacted: ['accept'],
  depart: ['accept', 'contacted'],
  arrive: ['accept', 'contacted', 'depart'],
  complete: ['accept', 'contacted', 'depart', 'arrive', 'resume', 'stuck'],
  emptyRun: ['accept', 'contacted', 'depart', 'arrive', 'complete'],
  returns: ['stuck'],
  unreachable: ['accept', 'contacted'],
  reschedule: ['accept', 'contacted', 'depart', 'arrive', 'cancelPart'],
  suspend: ['accept', 'contacted', 'depart', 'arrive', 'reschedule', 'unreachable', 'stuck', 'decline'],
  resume: ['accept', 'depart', 'arrive'],
  askHelp: ['accept', 'contacted', 'depart', 'arrive', 'stuck', 'suspend', 'decline'],
  decline: ['contacted', 'depart', 'arrive', 'suspend', 'unreachable', 'cancel', 'stuck', 'urge', 'askHelp'],
  cancel: [
    'contacted',
    'depart',
    'arrive',
    'suspend',
    'reschedule',
    'unreachable',
    'complete',
    'decline',
    'stuck',
    'urge',
  ],
  assign: ['accept', 'decline', 'unreachable', 'urge', 'suspend', 'askHelp', 'depart', 'contacted', 'stuck'],
  offer: ['accept', 'urge'],
  urge: ['contacted', 'arrive', 'depart', 'complete', 'accept'],
  close: ['complete', 'contacted', 'accept', 'revisit'],
  report: ['complete', 'accept'],
  revisit: ['contacted', 'complete', 'resume'],
  confirmUnreachable: ['unreachable', 'contacted'],
  whyLate: ['accept', 'contacted', 'arrive', 'complete', 'depart', 'suspend', 'unreachable'],
}

/** Commands which, when a sentence opens with them, take what follows as their reason. */
const heads: Partial<Record<Reading, { words: RegExp; never: readonly Reading[] }>> = {
  decline: { words: /^(?:拒|退)/, never: ['accept', 'complete'] },
  cancel: { words: /^取消/, never: ['accept'] },
  suspend: { words: /^(?:挂|暂停)/, never: ['complete', 'resume'] },
  askHelp: { words: /^求/, never: ['complete'] },
  // 换机完工, 退货 接单: what was done counts. Everything else that follows 退换 is about the unit.
  returns: { words: /^/, never: ['accept', 'arrive', 'complete', 'assign', 'close'] },
}

/** 退货 beside another word of ours is mostly its reason; beside 等配件 it may be a fact of either. */
const yields = (one: Reading, other: Reading): boolean => one === 'returns' && other !== 'suspend' && other !== 'stuck'

/** The readings that no other reading in the sentence takes in. `opens`: nothing of note stands before the first verb. */
export function strongest(verbs: readonly Verb[], opens: boolean): Reading[] {
  const [first] = verbs
  const head = first && opens ? heads[first.reads] : undefined
  if (first && head?.words.test(first.words) && !verbs.some(({ reads }) => head.never.includes(reads)))
    return [first.reads]
  const plain = verbs.some(({ soft }) => !soft) ? verbs.filter(({ soft }) => !soft) : verbs
  const reads = [...new Set(plain.map(verb => verb.reads))]
  return reads.filter(
    one =>
      !reads.some(
        other => other !== one && (yields(one, other) || (takes[other]?.includes(one) && !takes[one]?.includes(other))),
      ),
  )
}
