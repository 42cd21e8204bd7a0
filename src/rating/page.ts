import type { Grade } from '../chat/intent.ts'
import { html } from '../html.ts'
import { gradeNames, grades, isBad } from '../orders/revisitresult.ts'
import type { Unfinished } from './form.ts'
import { pageWords as words } from './pagewords.ts'

interface Given {
  grade: Grade
  tags: readonly string[]
  words: string
}

/** Everything the customer sees, masked already. */
export interface RatingPage {
  code: string
  team: string
  customer: string
  /** `海信 维修`, the fault as it was reported and what was done. */
  job: string
  fault: string
  result: string
  people: ReadonlyArray<{ name: string; post: string | null }>
  /** The road alone; empty where there is none. */
  street: string
  /** `11月24日`. */
  doneOn: string
  tags: readonly string[]
  /** Null while nothing was given; `given` only to the phone it came from. */
  rated: { given: Given | null; mayChange: boolean } | null
}

/** The body of the page: the form, or thanks. `kept`: what was sent and could not be taken. It does without any script. */
export function ratingBody(page: RatingPage, kept?: Unfinished): string {
  const { rated } = page
  if (!rated) return `${head(page, words.ask)}${form(page, kept)}`
  if (!rated.given) return notice(words.other, words.otherHint)
  if (!rated.mayChange) return `${thanks(rated.given)}<p class="note">${html(words.changed)}</p>`
  // What could not be taken has to be seen.
  const open = kept ? ' open' : ''
  return `${thanks(rated.given)}<details${open}><summary>${html(words.change)}<small>${html(words.changeHint)}</small></summary>${form(page, kept ?? rated.given)}</details>`
}

/** A page that says one thing. */
export const notice = (title: string, hint: string): string =>
  `<header><h1>${html(title)}</h1><p>${html(hint)}</p></header>`

function head({ code, team, customer, job, fault, result, people, street, doneOn }: RatingPage, title: string): string {
  const who = people.map(({ name, post }) => (post ? `${name}（${post}）` : name)).join('、')
  const rows = [
    [words.customer, customer],
    [words.job, [job, fault].filter(Boolean).join(' · ')],
    [words.done, result],
    [words.who, who],
    [words.where, street],
    [words.when, doneOn],
  ]
  const list = rows.map(([label = '', value = '']) =>
    value === '' ? '' : `<div><dt>${html(label)}</dt><dd>${html(value)}</dd></div>`,
  )
  return `<header><p class="over">${html(team)}<span>${html(`单号 ${code}`)}</span></p><h1>${html(title)}</h1><dl>${list.join('')}</dl></header>`
}

function form(page: RatingPage, kept: Partial<Given> & { wrong?: Unfinished['wrong'] } = {}): string {
  const { grade: chosen, tags = [], words: said = '', wrong } = kept
  const error = wrong ? `<p class="wrong" role="alert" id="wrong">⚠ ${html(words.wrong[wrong])}</p>` : ''
  const faulty = (which: Unfinished['wrong']) =>
    wrong === which ? ' aria-invalid="true" aria-describedby="wrong" autofocus' : ''
  const buttons = grades.map((grade, at) => {
    const on = grade === chosen ? ' checked' : ''
    const why = at === 0 ? faulty('grade') : ''
    return `<label class="grade g${grade}"><input type="radio" name="grade" value="${grade}" required${on}${why}><span>${face(grade)}<b>${html(gradeNames[grade])}</b></span></label>`
  })
  const boxes = page.tags.map(tag => {
    const on = tags.includes(tag) ? ' checked' : ''
    return `<label class="tag"><input type="checkbox" name="tag" value="${html(tag)}"${on}><span>${html(tag)}</span></label>`
  })
  return [
    `<form method="post">${error}<fieldset><legend>${html(words.grade)}</legend>${buttons.join('')}</fieldset>`,
    boxes.length > 0
      ? `<fieldset><legend>${html(words.tags)}</legend><div class="tags">${boxes.join('')}</div></fieldset>`
      : '',
    `<label class="words"><span>${html(words.words)}</span><textarea name="words" rows="3" maxlength="1500"${faulty('words')}>${html(said)}</textarea></label>`,
    `<button type="submit">${html(words.send)}</button><p class="note">${html(words.privacy)}</p></form>`,
  ].join('')
}

function thanks({ grade, tags, words: said }: Given): string {
  const why = tags.length > 0 ? `<p>${html(tags.join('、'))}</p>` : ''
  const own = said === '' ? '' : `<blockquote>${html(said)}</blockquote>`
  const sorry = isBad(grade) ? `<p>${html(words.bad)}</p>` : ''
  return `<header role="status"><h1>${html(words.thanks)}</h1><p class="given g${grade}">${face(grade)}<span>${html(words.given)}<b>${html(gradeNames[grade])}</b></span></p>${why}${own}${sorry}</header>`
}

const mouths: Readonly<Record<Grade, string>> = {
  5: 'M12 23q8 11 16 0z',
  4: 'M13 25q7 6 14 0',
  3: 'M13 27h14',
  2: 'M13 29q7-6 14 0',
  1: 'M12 30q8-10 16 0M11 12l6 3M29 12l-6 3',
}

/** Drawn, since phones' own faces differ and pale in the sun. */
const face = (grade: Grade): string =>
  `<svg viewBox="0 0 40 40" aria-hidden="true"><circle cx="20" cy="20" r="17"/><path d="${mouths[grade]}"/><path class="eye" d="M14 17v.01M26 17v.01"/></svg>`
