import type { SandboxChat } from '../../sandbox/wire.ts'
import type { Role } from './seen.ts'

/** Ready-made words above the composer. */
export interface Phrase {
  label: string
  text: string
  /** Put into the input to be looked at first, instead of being sent at once. */
  fill?: true
}

export const SAMPLE_ORDER = '派单 金水区花园路38号院5号楼2单元1801 王女士 13800001234 挂机不制冷 明天上午 给 张三'

const say = (text: string): Phrase => ({ label: text, text })

const BY_ROLE: Record<Role, (code: string) => Phrase[]> = {
  technician: () => [
    say('接单'),
    say('已联系 明天上午10点'),
    say('出发'),
    say('到达'),
    say('完工 收费80'),
    say('我的单'),
    say('为什么超时'),
    say('请假'),
    say('我的假'),
    say('撤回'),
    say('帮助'),
  ],
  dispatcher: code => [
    { label: '派单…', text: SAMPLE_ORDER, fill: true },
    say('今日'),
    say('超时单'),
    say('谁休息'),
    { label: '改派…', text: `改派 ${code} 给 李四`, fill: true },
    { label: '加急…', text: `加急 ${code}`, fill: true },
    { label: '绑定码…', text: '绑定码 张三', fill: true },
  ],
  manager: () => [say('今日'), say('超时单'), say('待批'), say('日报'), say('周报'), say('帮助')],
  finance: () => [say('填数'), say('请假'), say('帮助')],
}

/** `code` is the order the desk's words are about; without one they name an example to be written over. */
export function phrasesFor(role: Role, code = '1001'): Phrase[] {
  return BY_ROLE[role](code)
}

export interface Place {
  label: string
  lat: number
  lng: number
}

export const PLACES: Place[] = [
  { label: '金水区花园路38号院', lat: 34.7921, lng: 113.6853 },
  { label: '一班驻点（南阳路）', lat: 34.7786, lng: 113.6432 },
  { label: '配件库（航海东路）', lat: 34.7199, lng: 113.7315 },
]

/** What an empty chat says: what to do next. */
export function emptyWords(kind: SandboxChat['kind'], role: Role): string {
  if (kind === 'group') return '群里还没有消息。打开「@派工助手」说一句「今日」试试。'
  if (kind === 'bot') return '还没有和派工助手说过话。发「帮助」看看它会什么。'
  if (role === 'dispatcher') return '还没有消息。点下面的「派单…」，看一眼再发送；想先看看，点上面的「演一遍」。'
  return '还没有消息。在赵派工的手机里发「派单」试试。'
}
