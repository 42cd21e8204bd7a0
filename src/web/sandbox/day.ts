import { SAMPLE_ORDER } from './phrases.ts'
import type { Step } from './story.ts'

/** The day of one order, as `演一遍` plays it. Change freely: the player only reads these fields. */
const ZHAO = '赵派工'
const ZHANG = '张三'
const WANG = '王经理'
const MINUTE = 60_000

export const DAY_OF_ONE_ORDER: Step[] = [
  {
    who: ZHAO,
    title: '赵派工把客户的话贴给派工',
    why: '一整段文字就够了，不用填表。派工读出地址、客户、电话、故障和想要的时间，先给她看读懂了什么。',
    deed: { say: SAMPLE_ORDER, in: 'app' },
    promised: { on: ZHAO, button: '确认' },
  },
  {
    who: ZHAO,
    title: '她点「确认」',
    why: '读懂的内容对得上才开单，错的不会悄悄生效。单子从这一刻起计时。',
    deed: { tap: '确认' },
    promised: { on: ZHANG, button: '接单' },
  },
  {
    who: ZHANG,
    title: '张三收到派工卡片',
    why: '地址、故障、时限都在一张卡片里。客户的完整电话只在他自己这张卡片上，群里看到的是打码的。',
    deed: { watch: true },
    promised: { on: ZHANG, button: '接单' },
  },
  {
    who: ZHANG,
    title: '张三点「接单」',
    why: '卡片当场变成下一步该做的事，联系客户的时限开始走。',
    deed: { tap: '接单' },
    promised: { on: ZHANG },
  },
  {
    who: ZHANG,
    title: '打完电话，他在群里说一句',
    why: '按钮能做的，一句话也能做。「明天上午10点」成了约好的时间，原来的时限让位给它。',
    deed: { say: '已联系 明天上午10点', in: 'group', at: true },
    promised: { on: ZHANG, in: 'group' },
  },
  {
    who: ZHANG,
    title: '时钟拨到第二天 8:30',
    why: '早上一条提醒：今天约了谁、几点、哪些快到时限。',
    deed: { clock: 'next-morning' },
    promised: { on: ZHANG },
    otherwise: '今天没有早提醒（可能是休息日，或者制度里关掉了）。接着演。',
  },
  {
    who: ZHANG,
    title: '时限近了，派工先提醒张三',
    why: '时钟一格一格往前走。超时之前先提醒本人，过了才告诉派工员，再过才到经理。',
    deed: { creep: { stepMs: 15 * MINUTE, most: 20 } },
    promised: { on: ZHANG, words: /快|剩|将|提醒|超时|到期/ },
  },
  {
    who: ZHANG,
    title: '到了客户家，点「到达」',
    why: '一下就够，到达的时刻记进这张单的经过里，提醒随之停下。',
    deed: { tap: '到达' },
    promised: { on: ZHANG },
  },
  {
    who: ZHANG,
    title: '拍一张现场照片',
    why: '照片自动归到正在做的这一单，以后查这一单都看得到。',
    deed: { photo: true, in: 'app' },
    promised: { on: ZHANG },
  },
  {
    who: ZHANG,
    title: '修好了，说一句「完工」',
    why: '换了什么、收了多少，一句话里说清，派工记成配件和收费。',
    deed: { say: '完工 换电容1个 收费80', in: 'app' },
    promised: { on: ZHANG },
  },
  {
    who: ZHANG,
    title: '群里看到结果',
    why: '大家知道这一单好了。群里不出现客户的完整电话。',
    deed: { watch: true },
    promised: { on: ZHAO, in: 'group', words: /完工|完成|已完/ },
  },
  {
    who: ZHAO,
    title: '赵派工问一句「今日」',
    why: '今天派了几单、完了几单、哪些快超时，随时问随时答。',
    deed: { say: '今日', in: 'app' },
    promised: { on: ZHAO, in: 'app' },
  },
  {
    who: ZHANG,
    title: '张三请明天下午的假',
    why: '一句话就能请。派工算好天数和扣多少，列出那时约了谁、还有谁不在，先给他核对。',
    deed: { say: '请假 明天下午 家里有事', in: 'app' },
    promised: { on: ZHANG, button: '确认' },
  },
  {
    who: ZHANG,
    title: '他点「确认」，王经理收到',
    why: '批不批要看的都在卡片里：手上的单、约好的客户、还有谁不在、这个月休了几天。',
    deed: { tap: '确认' },
    promised: { on: WANG, button: '批准' },
  },
  {
    who: WANG,
    title: '王经理点「批准」',
    why: '张三马上知道，赵派工也马上知道。那时约好的单会自动退回来改派，不会忘。',
    deed: { tap: '批准' },
    promised: { on: ZHAO, in: 'app', words: /请假|事假/ },
  },
  {
    who: ZHAO,
    title: '赵派工问一句「谁休息 明天」',
    why: '排班心里有数。那半天的单，派工不会再推荐张三。',
    deed: { say: '谁休息 明天', in: 'app' },
    promised: { on: ZHAO, in: 'app', words: /张三/ },
  },
]
