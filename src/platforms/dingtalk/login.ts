import { z } from 'zod'
import { Permanent } from '../../errors.ts'
import type { Login } from '../platform.ts'
import type { Api } from './api.ts'
import type { Client } from './client.ts'
import type { DingtalkConfig } from './config.ts'

const ownLoginBase = 'https://login.dingtalk.com'

const byCodeShape = z.looseObject({
  result: z.looseObject({ userid: z.string().min(1), name: z.string().default('') }),
})
const tokenShape = z.looseObject({ accessToken: z.string().min(1), corpId: z.string().nullish() })
const meShape = z.looseObject({ unionId: z.string().min(1), nick: z.string().default('') })
/** `contact_type` 1 is a contact outside the company. */
const unionShape = z.looseObject({
  result: z.looseObject({ userid: z.string().min(1), contact_type: z.literal(0).optional() }),
})

/** Where a browser is sent to sign in (dingtalk.md §8.5). */
export function authorizeUrlOf(
  { loginBase = ownLoginBase, clientId, corpId }: Pick<DingtalkConfig, 'corpId' | 'clientId' | 'loginBase'>,
  redirect: string,
  state: string,
): string {
  const url = new URL(`${loginBase}/oauth2/auth`)
  const params = { redirect_uri: redirect, response_type: 'code', client_id: clientId, scope: 'openid corpid' }
  for (const [name, value] of Object.entries({ ...params, state, prompt: 'consent', corpId }))
    url.searchParams.set(name, value)
  // A space as the documentation writes it: not everybody takes a plus sign for one.
  return url.href.replaceAll('+', '%20')
}

/** Who looks at a page: by the code of a page inside DingTalk (免登, dingtalk.md §8.4), or by OAuth2 (§8.5). */
export function createLogin(
  config: Pick<DingtalkConfig, 'apiBase' | 'corpId' | 'clientId' | 'clientSecrets' | 'loginBase'>,
  { api, client }: { api: Api; client: Client },
): Required<Login> {
  const { apiBase, corpId, clientId, clientSecrets } = config

  async function byCode(code: string) {
    const call = { api: 'login/getuserinfo', path: '/topapi/v2/user/getuserinfo', body: { code }, free: true }
    const parsed = byCodeShape.safeParse(await refusedAsNull(() => api.old(call)))
    return parsed.success ? { userId: parsed.data.result.userid, name: parsed.data.result.name } : null
  }

  async function byAuthCode(code: string) {
    const token = tokenShape.safeParse(
      await refusedAsNull(() =>
        client.ask({
          ...{ api: 'login/userAccessToken', method: 'POST', url: `${apiBase}/v1.0/oauth2/userAccessToken` },
          body: { clientId, clientSecret: clientSecrets[0] ?? '', code, grantType: 'authorization_code' },
        }),
      ),
    )
    // An internal app admits its own company only; where the answer names one it is compared all the same.
    if (!token.success || (token.data.corpId && token.data.corpId !== corpId)) return null
    const me = meShape.safeParse(
      await refusedAsNull(() =>
        client.ask({
          ...{ api: 'login/me', method: 'GET', url: `${apiBase}/v1.0/contact/users/me` },
          headers: { 'x-acs-dingtalk-access-token': token.data.accessToken },
        }),
      ),
    )
    if (!me.success) return null
    const body = { unionid: me.data.unionId }
    const call = { api: 'contacts/getbyunionid', path: '/topapi/user/getbyunionid', body, free: true }
    const user = unionShape.safeParse(await refusedAsNull(() => api.old(call)))
    return user.success ? { userId: user.data.result.userid, name: me.data.nick } : null
  }

  return {
    byCode,
    inside: { corp: corpId, client: clientId },
    byAuthCode,
    authorizeUrl: (redirect, state) => authorizeUrlOf(config, redirect, state),
  }
}

/** A code that is no good is an answer, not a failure; trouble stays trouble. */
async function refusedAsNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Permanent) return null
    throw error
  }
}
