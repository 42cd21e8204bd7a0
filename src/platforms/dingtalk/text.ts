/**
 * Words of customers on their way to DingTalk, kept from meaning anything to its markdown (dingtalk.md §2.3): no heading,
 * rule, quote, list, link, image, emphasis, nor a tag like `<a atId=…>` or `<font>`.
 */
export function plainMarkdown(text: string): string {
  return text
    .replace(/<(?=[a-z/!?])/gi, '＜')
    .replace(/\](\s*)(?=\()/g, '］$1')
    .replaceAll('*', '＊')
    .replaceAll('_', '＿')
    .replaceAll('`', '｀')
    .replaceAll('|', '｜')
    .replaceAll('~~', '～～')
    .replace(/^(\s*)#/gm, '$1＃')
    .replace(/^(\s*)>/gm, '$1＞')
    .replace(/^(\s*)([-+])(?=\s|$)/gm, '$1－')
    .replace(/^(\s*\d+)\.(?=\s|$)/gm, '$1．')
    .replace(/^(\s*\d+)\)(?=\s|$)/gm, '$1）')
    .replace(/^(\s*)(?:[-=]{3,}|[-=]+(?=\s*$))/gm, '$1———')
}

/** Lines of markdown: a line break wants two spaces on both sides (dingtalk.md §2.3). */
export const lines = (parts: ReadonlyArray<string | undefined>): string =>
  parts.filter(part => part !== undefined && part !== '').join('  \n  ')
