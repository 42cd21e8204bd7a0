/** Words on their way to a platform: cut to its limits, in the unit it counts in. */

export const bytesOf = (text: string): number => Buffer.byteLength(text)

/** The longest beginning that fits `bytes` of UTF-8, cut between characters, with `…` when something is missing. */
export function cutBytes(text: string, bytes: number): string {
  if (bytesOf(text) <= bytes) return text
  const mark = '…'
  let left = bytes - bytesOf(mark)
  let kept = ''
  for (const char of text) {
    left -= bytesOf(char)
    if (left < 0) break
    kept += char
  }
  return kept + mark
}

/** At most `most` characters (字: code points), with `…` when something is missing. */
export function cutChars(text: string, most: number): string {
  const chars = [...text]
  return chars.length <= most ? text : `${chars.slice(0, most - 1).join('')}…`
}

export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** The address when it is one a card may open (http or https, at most 2048 bytes), else undefined: WeCom takes no `tel:`. */
export function webUrl(link: string | undefined): string | undefined {
  if (!link || !/^https?:\/\//i.test(link) || !URL.canParse(link)) return undefined
  const { href } = new URL(link)
  return bytesOf(href) <= 2_048 ? href : undefined
}
