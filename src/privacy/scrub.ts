/** What stands where something was that told who somebody is. */
export const gone = '已删除'

/** Numbers of phones as people write them: mobiles with blanks or hyphens, and landlines with their area. */
const phones = /(?<!\d)(?:(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}|0\d{2,3}[- ]?\d{7,8})(?!\d)/g

/** Shorter words would take letters out of others: 王 in 国王路. */
const leastLetters = 2

/**
 * Takes out of a text what tells who a customer is: any phone number, and his name and address wherever they stand in full.
 * What else somebody wrote about him stays; it says what was wrong with the machine.
 */
export function scrubber(known: readonly string[]): (text: string) => string {
  const words = [...new Set(known.map(word => word.trim()).filter(word => [...word].length >= leastLetters))]
    // The longest first: what is left of one must not be looked for in another.
    .sort((a, b) => b.length - a.length)
  return text => words.reduce((left, word) => left.replaceAll(word, gone), text.replace(phones, gone))
}
