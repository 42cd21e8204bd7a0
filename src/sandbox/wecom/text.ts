/** The longest beginning of `text` that fits `bytes` of UTF-8, cut between characters. */
export function cutBytes(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text
  let size = 0
  let end = 0
  for (const char of text) {
    size += Buffer.byteLength(char)
    if (size > bytes) break
    end += char.length
  }
  return text.slice(0, end)
}

/** Number of characters as people count them (code points). */
export const lengthOf = (text: string): number => [...text].length

export const cutChars = (text: string, chars: number): string =>
  lengthOf(text) > chars ? `${[...text].slice(0, chars - 1).join('')}…` : text

/** id转译: `$userName=USERID$` and its siblings become the name the client shows. */
export function translateIds(text: string, nameOf: (userId: string) => string | undefined): string {
  return text.replace(/\$user(?:Name|Alias|AliasOrName)=([\w.@-]+)\$/g, (all, userId: string) => nameOf(userId) ?? all)
}
