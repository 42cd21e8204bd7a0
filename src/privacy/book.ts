import { type Sheet, text } from '../settlement/sheet.ts'
import { filled, type Section } from './sections.ts'

/** What is kept of somebody as a workbook's sheets; each says whose it is, and of when. */
export const sheetsOf = (sections: readonly Section[], heading: string): Sheet[] =>
  filled(sections).map(({ title, columns, rows }) => ({
    ...{ name: title, heading: `${heading} · ${title}`, columns: columns.map(text) },
    ...{ rows: rows.map(row => [...row]), empty: '' },
  }))
