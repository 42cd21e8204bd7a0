/** What WeCom answers instead of doing it. `errcode`s as in the platform's global error code table. */
export class Refused extends Error {
  override name = 'Refused'
  constructor(
    readonly errcode: number,
    readonly errmsg: string,
    /** For the exchange log: what the developer should know. */
    readonly note?: string,
  ) {
    super(`${errcode} ${errmsg}`)
  }
}

export interface Answer {
  errcode: number
  errmsg: string
  [more: string]: unknown
}

export const ok = (more: Record<string, unknown> = {}): Answer => ({ errcode: 0, errmsg: 'ok', ...more })

export const refusal = ({ errcode, errmsg }: { errcode: number; errmsg: string }): Answer => ({
  errcode,
  errmsg: `${errmsg}, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`,
})
