/** How alike two faults have to be to count as the same, from 0 to 1. */
export const likeEnough = 0.5

/** Words of the trade that say one thing, by the first of a line; where two could be read, the longer is. */
const symptoms: readonly string[] = [
  '不制冷 不冷 不凉 不够冷 不够凉 制冷差 制冷慢 制冷弱 制冷不好 制冷不行 制冷效果差 制冷效果不好 制冷效果不行 没冷气 冷气不足 没有冷气 不出冷风 没冷风 没有冷风 吹热风 吹的热风 吹自然风 不降温 降不下来',
  '不制热 不热 不暖 不暖和 制热差 制热慢 制热不好 制热不行 制热效果差 制热效果不好 没热气 没有热气 暖气不足 不出热风 没热风 没有热风 吹冷风 不加热 水不热 没热水 没有热水 不出热水 烧不热 加热慢',
  '漏水 滴水 渗水 流水 淌水 往下滴 滴答水 漏的水 出水口漏 接头漏 冒水 溢水',
  '漏氟 缺氟 少氟 没氟 没有氟 加氟 充氟 氟漏 漏氟利昂 缺冷媒 漏冷媒 加冷媒 加雪种 缺雪种 加液 加冰液',
  '漏电 麻手 电人 带电 外壳有电',
  '漏气 漏煤气 漏燃气 漏天然气 煤气味',
  '不通电 不启动 不起动 启动不了 不开机 开不了机 开不开机 开不了 打不开 不上电 没电 没有电 没反应 无反应 没有反应 不工作 按键没反应 开不开',
  '跳闸 掉闸 跳电 一开就跳',
  '自动停机 自动关机 自己停 自己关机 自停 用一会就停 转一会就停 工作一会就停 频繁停机',
  '风扇不转 风机不转 不转 不出风 没风 没有风 风小 风量小 出风小',
  '异响 噪音 噪声 响声 声音大 声音很大 响得厉害 有响 嗡嗡响 咔咔响 吱吱响 动静大 太响 很响',
  '异味 臭味 有味 有味道 有臭味 糊味 焦味 味道大 霉味',
  '冒烟 起火 冒火',
  '结冰 结霜 冻住 上冻 挂霜',
  '不除霜 不化霜',
  '不脱水 甩不干 不甩干 脱不了水 不甩',
  '不排水 排不出水 排水慢 下水慢 不下水',
  '不进水 不上水 进不了水 进水慢',
  '不出水 没水 没有水 出不了水 水流小 水小 出水小 出水慢',
  '不打火 打不着 打不着火 点不着 点不着火 不点火 打不了火',
  '熄火 自动熄火 灭火 老灭',
  '不显示 无显示 没显示 黑屏 屏幕不亮 显示屏不亮 不亮',
  '花屏 闪屏 屏幕闪',
  '遥控不了 遥控失灵 遥控没反应 遥控器没反应 遥控器失灵 遥控器不灵 不接收遥控 遥控不灵',
  '堵了 堵塞 堵住 不通畅 下水堵',
  '水质差 水有味 水浑 水黄 水发黄',
  '关不上门 门关不严 关不严 门坏',
  '洗不干净 洗不净',
  '不吸烟 吸力小 不抽烟 抽不走',
]

const meaning = new Map(
  symptoms.flatMap(line => line.split(' ').map((word, _, [name = word]) => [word, name] as const)),
)
const symptomWords = new RegExp([...meaning.keys()].sort((a, b) => b.length - a.length).join('|'), 'g')
/** 显示 E1, 报 F4, 代码 H6: two different ones are two different faults. */
const errorCode = /(?<![a-z\d-])[a-z]\d{1,2}(?![a-z\d-])/g

/** Says nothing about the fault: who, when, and that it is again. */
const fillers =
  /客户|用户|业主|反映|反应|说|师傅|上次|上回|前几天|昨天|今天|刚刚?|修过|修完|修好|维修|报修|返修|还是|仍然|依然|依旧|又|再次|再|还|一直|老是|总是|经常|有时候?|开始|现在|出现|这个|那个|了|的|是|就|也|都|很|太|有点|比较|问题|故障|机器|家里|一?台|空调|挂机|柜机|内机|外机|室内机|室外机|冰箱|冰柜|洗衣机|热水器|净水[机器]|油烟机|烟机|燃气灶|灶具?|电视机?|效果|情况/g

/** Kinds of units: what is said of two of them is not said of one. Where one name takes in another, both may be one unit. */
const units: readonly RegExp[] = [
  /(?<!中央)空调(?!挂机|柜机)/,
  /挂机|壁挂式/,
  /柜机|立式/,
  /中央空调|风管机|天花机|吸顶机/,
  /冰箱|冷藏|冷冻室/,
  /冰柜|冷柜|展示柜/,
  /洗衣机|波轮|滚筒/,
  /烘干机/,
  /热水器/,
  /壁挂炉/,
  /净水[机器]|纯水机|直饮机/,
  /饮水机|开水机/,
  /烟机/,
  /灶/,
  /电视/,
  /洗碗机/,
]
const airConditioners = units.slice(0, 4)

/**
 * Whether two texts tell the same fault, as an earlier job is compared with a new one (R1.10): `unsure` when one of them
 * tells no fault, or when they may speak of two different units.
 *
 * Compared are the symptoms of the trade both texts have, with synonyms as one, else pairs of neighbouring characters of
 * what is left without fillers; likeness is Dice's coefficient (twice what both have, over the sum of what each has).
 *
 * What it can't do: it knows no causes (不制冷 and 缺氟 may be one fault and count as two), no negation beyond the words
 * themselves (漏水修好了,现在不制冷 still tells a leak), no second unit of the same kind under one roof, and no dialect.
 * The dispatcher has the last word.
 */
export function sameFault(one: string, other: string): 'same' | 'different' | 'unsure' {
  const [a, b] = [read(one), read(other)]
  if (!mayBeOneUnit(a.units, b.units)) return 'unsure'
  if (a.codes.size > 0 && b.codes.size > 0 && dice(a.codes, b.codes) === 0) return 'different'
  const [first, second] = a.told.size > 0 && b.told.size > 0 ? [a.told, b.told] : [a.pairs, b.pairs]
  if (first.size === 0 || second.size === 0) return 'unsure'
  return dice(first, second) >= likeEnough ? 'same' : 'different'
}

interface Told {
  /** Symptoms and error codes. */
  told: Set<string>
  codes: Set<string>
  /** Neighbouring characters of all that is said, symptoms by their one name. */
  pairs: Set<string>
  units: readonly RegExp[]
}

function read(fault: string): Told {
  const text = fault
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s\p{P}\p{S}]+/gu, ' ')
  const codes = new Set(text.match(errorCode) ?? [])
  const joined = text.replaceAll(' ', '')
  const named = [...joined.matchAll(symptomWords)].map(([word]) => meaning.get(word) ?? word)
  const plain = joined.replace(symptomWords, word => meaning.get(word) ?? word).replace(fillers, '')
  const pairs = new Set([...plain].slice(1).map((char, index) => `${[...plain][index]}${char}`))
  return { told: new Set([...named, ...codes]), codes, pairs, units: units.filter(unit => unit.test(joined)) }
}

/** 空调 may be the 挂机 or the 柜机; 挂机 is not 柜机. */
function mayBeOneUnit(one: readonly RegExp[], other: readonly RegExp[]): boolean {
  if (one.length === 0 || other.length === 0 || one.some(unit => other.includes(unit))) return true
  const [general] = airConditioners
  const isAirConditioner = (kinds: readonly RegExp[]) => kinds.every(unit => airConditioners.includes(unit))
  return isAirConditioner(one) && isAirConditioner(other) && [one, other].some(kinds => kinds.every(u => u === general))
}

function dice(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = [...one].filter(each => other.has(each)).length
  return (2 * both) / (one.size + other.size)
}
