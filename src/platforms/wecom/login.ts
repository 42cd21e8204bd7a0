import { Permanent } from '../../errors.ts'
import type { Login } from '../platform.ts'
import type { AppApi } from './api.ts'
import type { WecomConfig } from './config.ts'

const ownBases = { app: 'https://open.weixin.qq.com', browser: 'https://login.work.weixin.qq.com' }
/** A code has 512 bytes at most. */
const mostCode = 512

/**
 * Who looks at a page (pages below developer.work.weixin.qq.com/document/path). Inside WeCom silently by OAuth2 with
 * `snsapi_base` (wecom.md §8.2, /91121); in a browser by the page with the QR code, `wwlogin/sso/login` with
 * `login_type=CorpApp` (/98171). Either's code is exchanged by `auth/getuserinfo` (/91121, /98177).
 */
export function createLogin(
  { corpId, agentId, loginBases = ownBases }: Pick<WecomConfig, 'corpId' | 'agentId' | 'loginBases'>,
  api: Pick<AppApi, 'get'>,
): Login {
  return {
    authorizeUrl(redirect, state, from) {
      const address =
        from === 'app' ? `${loginBases.app}/connect/oauth2/authorize` : `${loginBases.browser}/wwlogin/sso/login`
      const url = new URL(address)
      const own: Record<string, string> =
        from === 'app' ? { response_type: 'code', scope: 'snsapi_base' } : { login_type: 'CorpApp' }
      for (const [name, value] of Object.entries({ appid: corpId, redirect_uri: redirect, ...own, state }))
        url.searchParams.set(name, value)
      url.searchParams.set('agentid', String(agentId))
      if (from === 'app') url.hash = 'wechat_redirect'
      return url.href
    },

    async byAuthCode(code) {
      if (code === '' || Buffer.byteLength(code) > mostCode) return null
      try {
        const { userid } = await api.get('auth/getuserinfo', { code })
        // Somebody from outside the company has an openid only.
        return typeof userid === 'string' && userid !== '' ? { userId: userid, name: '' } : null
      } catch (error) {
        if (error instanceof Permanent && error.code === 'bad-code') return null
        throw error
      }
    },
  }
}
