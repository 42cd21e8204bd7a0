import { language } from '../../shared/words.ts'

/** A moment as people read it, in the browser's own zone: `11月25日 09:05`, with its year where that is another one. */
export function moment(iso: string): string {
  const at = new Date(iso)
  const sameYear = at.getFullYear() === new Date().getFullYear()
  return at.toLocaleString(language.value === 'en' ? 'en-GB' : 'zh-CN', {
    ...(!sameYear && { year: 'numeric' }),
    ...{ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false },
  })
}
