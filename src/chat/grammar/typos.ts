/**
 * Homophones a keyboard offers first, each as long as the word meant. Only where no other word can be meant: 回复/恢复
 * and 触发/出发 are words themselves and stay what they are.
 */
const typos: readonly (readonly [RegExp, string])[] = [
  [/接(?:但|弹|淡)(?!是|要|不|得|晚|我|会|他)/g, '接单'],
  [/(?<!应|警|世|三|边|国|外|眼|疆|十)界单/g, '接单'],
  [/(?<![可所难得加予是用自])[以己](?=(?:到达?|联系|接单?|完工|出发|完成|修好|装好)(?!后|上|下|来|及))/g, '已'],
  [/已倒(?!闭|下)/g, '已到'],
  [/到大(?=$|[\s,，。!！]|现场)/g, '到达'],
  [/完(?:功|公|供)/g, '完工'],
  [/玩工/g, '完工'],
  [/初发(?!芙|病|期|点)/g, '出发'],
  [/挂(?:器|启|气)/g, '挂起'],
  [/联系部上/g, '联系不上'],
  [/改月(?=\s*[今明后周下\d])/g, '改约'],
  [/(?:拘|聚|据)单/g, '拒单'],
]

export function mend(norm: string): string {
  let out = norm
  for (const [wrong, right] of typos)
    out = out.replace(wrong, found => (found.length === right.length ? right : right.slice(0, found.length)))
  return out
}
