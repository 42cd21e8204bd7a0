import { Temporary } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import type { TokenStore } from '../platform.ts'
import { Tokens } from '../token.ts'
import type { Answer, Ask, Client } from './client.ts'
import type { DingtalkConfig } from './config.ts'

/** One call of either API, without its host and its token. */
export interface Call {
  /** Name for counters, queues and gates. */
  api: string
  method?: 'GET' | 'POST' | 'PUT'
  /** Below the host, e.g. `/v1.0/card/instances`. */
  path: string
  params?: Record<string, string>
  body?: object
  /** A file, in place of a body. */
  form?: FormData
  /** The contacts and login families are free (dingtalk.md §1.4). */
  free?: boolean
}

/** Both APIs of an app behind one token (dingtalk.md §1.1, §1.2). Throws `Temporary` and `Permanent` only. */
export class Api {
  private readonly tokens: Tokens

  constructor(
    private readonly config: Pick<DingtalkConfig, 'apiBase' | 'oapiBase' | 'clientId' | 'clientSecrets'>,
    private readonly deps: { client: Client; store: TokenStore; clock: Clock; log: Log },
  ) {
    const { store, clock, log } = deps
    this.tokens = new Tokens(`dingtalk:${config.clientId}`, { store, clock, log, fetch: () => this.fetchToken() })
  }

  /** New API: the token travels in a header. */
  call({ api, method = 'POST', path, params, body, free }: Call): Promise<Answer> {
    return this.withToken(token => ({
      ...{ api, method, url: `${this.config.apiBase}${path}`, headers: { 'x-acs-dingtalk-access-token': token } },
      ...(params && { params }),
      ...(body && { body }),
      ...(!free && { bills: 'calls' as const }),
    }))
  }

  /** Old API: the token travels in the address. */
  old({ api, method = 'POST', path, params, body, form, free }: Call): Promise<Answer> {
    return this.withToken(token => ({
      ...{ api, method, url: `${this.config.oapiBase}${path}`, params: { ...params, access_token: token }, form },
      ...(body && { body }),
      ...(!free && { bills: 'calls' as const }),
    }))
  }

  /** Asks with a token, and once more with a fresh one when the platform does not take it. */
  private async withToken(make: (token: string) => Ask): Promise<Answer> {
    const token = await this.tokens.get()
    const first = make(token)
    const answer =
      (await this.deps.client.ask(first)) ?? (await this.deps.client.ask(make(await this.tokens.replace(token))))
    if (answer) return answer
    throw new Temporary('token-refused', `${first.api}: DingTalk does not take its own token`, { retryAfterMs: 60_000 })
  }

  private async fetchToken(): Promise<{ token: string; seconds: number }> {
    const { apiBase, clientId, clientSecrets } = this.config
    const answer = await this.deps.client.ask({
      ...{ api: 'oauth2/accessToken', method: 'POST', url: `${apiBase}/v1.0/oauth2/accessToken` },
      body: { appKey: clientId, appSecret: clientSecrets[0] ?? '' },
    })
    const { accessToken, expireIn } = answer ?? {}
    if (typeof accessToken !== 'string' || accessToken === '' || typeof expireIn !== 'number')
      throw new Temporary('no-token', 'oauth2/accessToken: an answer without a token')
    return { token: accessToken, seconds: expireIn }
  }
}
