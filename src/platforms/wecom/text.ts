/** Words of customers on their way to WeCom, kept from meaning anything to it. */

/**
 * Text that stays text: no `<a href>` links or `<@userid>` mentions (developer.work.weixin.qq.com/document/path/90236,
 * /99110), no `$userName=…$` that turns an id into a name.
 */
export function plain(text: string): string {
  return text.replace(/<(?=[a-z/@!])/gi, '＜').replace(/\$(?=\w*=)/g, '＄')
}

/** `plain`, and besides nothing that any of WeCom's three markdown dialects takes for markup. */
export function plainMarkdown(text: string): string {
  return plain(text)
    .replace(/\]\s*(?=\()/g, '］')
    .replaceAll('*', '＊')
    .replaceAll('`', '｀')
    .replaceAll('|', '｜')
    .replaceAll('~~', '～～')
    .replace(/^(\s*)#/gm, '$1＃')
    .replace(/^(\s*)>/gm, '$1＞')
    .replace(/^(\s*)[-=_]{3,}/gm, '$1———')
}
