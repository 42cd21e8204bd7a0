/** Words in one line, cut after so many characters; `…` says that there were more. */
export function shorten(words: string, length: number): string {
  const signs = [...words.replace(/\s+/g, ' ').trim()]
  return signs.length > length ? `${signs.slice(0, length).join('')}…` : signs.join('')
}
