import type { SandboxState } from '../../sandbox/wire.ts'

/** How far a DingTalk meter has run this month. A level is a word, too, for those who cannot tell colours apart. */
export interface Meter {
  name: string
  used: number
  limit: number
  level: 'calm' | 'near' | 'late'
  /** Empty while calm. */
  words: string
}

const NEAR = 0.7
const LATE = 0.95

function meter(name: string, used: number, limit: number): Meter {
  const share = limit > 0 ? used / limit : 0
  if (share < NEAR) return { name, used, limit, level: 'calm', words: '' }
  const percent = `${Math.floor(share * 100)}%`
  if (share < LATE) return { name, used, limit, level: 'near', words: `已用 ${percent}` }
  return { name, used, limit, level: 'late', words: share >= 1 ? '用完了' : `快用完：${percent}` }
}

export function metersOf({ calls, callLimit, pushes, pushLimit }: SandboxState['dingtalkQuota']): Meter[] {
  return [meter('调用', calls, callLimit), meter('消息', pushes, pushLimit)]
}
