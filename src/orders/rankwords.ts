import type { Obstacle, Ranked, Reason } from './ranking.ts'

/** `去过 1003`, `片区 金水区`: why somebody comes first. */
export function sayReason(reason: Reason): string {
  switch (reason.why) {
    case 'previous':
      return `去过这家（${reason.code}）`
    case 'area':
      return `管${reason.zone}`
    case 'nearby':
      return `顺路 ${reason.code}`
    case 'load':
      return reason.open === 0 ? '手上没单' : `手上 ${reason.open} 单`
  }
}

/** `今天休息`: why somebody should not get it. */
export function sayObstacle(obstacle: Obstacle): string {
  switch (obstacle.why) {
    case 'rest':
      return obstacle.rest === 'leave' ? '请假' : '今天休息'
    case 'leave':
      return '那时请假'
    case 'skill':
      return `不会「${obstacle.skill}」`
    case 'full':
      return `今天已派满 ${obstacle.perDay} 单`
    case 'busy':
      return `那时有约 ${obstacle.visit.code}`
    case 'had':
      return '这单他退过或没接'
  }
}

/** How many are spoken of on a card: a phone shows about a hundred characters. */
const shown = 3

/** The ranking in one or two lines: `推荐 张三：去过这家（1003）、手上 1 单；李四：手上 3 单`, `先不派 王五（今天休息）`. */
export function rankingWords(ranked: readonly Ranked[]): string {
  const able = ranked.filter(({ obstacle }) => obstacle === null)
  const others = ranked.filter(({ obstacle }) => obstacle !== null)
  const best = able.slice(0, shown).map(({ name, reasons }) => `${name}：${reasons.map(sayReason).join('、')}`)
  const kept = others.slice(0, shown).map(({ name, obstacle }) => `${name}（${obstacle ? sayObstacle(obstacle) : ''}）`)
  const more = others.length > shown ? ` 等 ${others.length} 人` : ''
  return [
    best.length > 0 ? `推荐 ${best.join('；')}` : ranked.length > 0 ? '现在没有合适的人' : '班组里没有技术员',
    kept.length > 0 ? `先不派 ${kept.join('、')}${more}` : '',
  ]
    .filter(Boolean)
    .join('\n')
}
