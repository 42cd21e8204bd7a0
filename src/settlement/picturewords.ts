/** `一班 2026年10月月度排名`, and which of several pages it is: what a picture says of itself. */
export function titleOf(team: string, month: string, page: number, pages: number): string {
  const [year = '', m = ''] = month.split('-')
  const which = pages > 1 ? `（${page + 1}/${pages}）` : ''
  return `${team} ${year}年${Number(m)}月月度排名${which}`
}

/** Places gained or lost since last month; nothing to tell is a dash. */
export function movedWords(moved: number | 'new' | null): { text: string; tone: 'good' | 'bad' | 'second' | 'brand' } {
  if (moved === 'new') return { text: '新', tone: 'brand' }
  if (moved === null || moved === 0 || !Number.isFinite(moved)) return { text: '–', tone: 'second' }
  return moved > 0 ? { text: `▲${moved}`, tone: 'good' } : { text: `▼${-moved}`, tone: 'bad' }
}

export const nobody = '这个月没有人参加排名。'
