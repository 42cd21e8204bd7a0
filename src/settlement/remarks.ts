/** What a slip says of a month that was not like others. */

const day = (text: string): string => `${Number(text.slice(5, 7))}月${Number(text.slice(8))}日`

export const joined = (from: string): string => `${day(from)}到岗，以前的天数不算在职`
export const leftTeam = (to: string): string => `${day(to)}离开本班组，以后的天数不算在职`
export const changedPost = (on: string, post: string | null): string =>
  `${day(on)}起岗位是「${post ?? '（没填）'}」，本月按月底的岗位算`
