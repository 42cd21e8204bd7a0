import { createHash } from 'node:crypto'
import type { Picture } from '../../chat/card.ts'
import { Permanent, Temporary } from '../../errors.ts'
import type { Log } from '../../log.ts'
import type { Clock } from '../../now.ts'
import { isUncertain } from '../once.ts'
import { inWords, pictureForm, Uploads } from '../picture.ts'
import type { Delivery, Sent, TokenStore } from '../platform.ts'
import { Tokens } from '../token.ts'
import { type Answer, type Ask, type Client, type Download, isDownload } from './client.ts'
import { Doubts } from './doubts.ts'
import { meaningOf } from './errcode.ts'
import { codeLifeMs } from './inbound.ts'
import { fileName } from './media.ts'
import { appBody, type Body, invisibleTag, pictureBytes, uploadedBody } from './render.ts'
import { drawTemplate } from './template.ts'

export interface ApiConfig {
  corpId: string
  agentId: number
  secret: string
}

export interface ApiDeps {
  client: Client
  store: TokenStore
  clock: Clock
  log: Log
}

/** A retry comes within minutes; the platform remembers equal messages this long (at most 4 h, /90236). */
const duplicateSeconds = 1_800

/** The app's own API (pages below developer.work.weixin.qq.com/document/path). Throws `Temporary` and `Permanent` only. */
export class AppApi {
  private readonly tokens: Tokens
  private readonly client: Client
  private readonly uploads: Uploads
  /** Codes of updates whose answer was lost: the card may be changed already. */
  private readonly doubts = new Doubts()

  constructor(
    private readonly config: ApiConfig,
    private readonly deps: ApiDeps,
  ) {
    const { store, clock, log, client } = deps
    this.client = client
    const app = `wecom:${config.corpId}:${config.agentId}`
    this.uploads = new Uploads(app, duplicateSeconds * 1_000, { store, clock })
    this.tokens = new Tokens(app, {
      store,
      clock,
      log,
      fetch: () => this.fetchToken(),
    })
  }

  /** `message/send` (/90236), or `message/update_template_card` (/94888) when the delivery repaints a card. */
  async send(delivery: Delivery, userId: string): Promise<Sent> {
    if (delivery.repaint) return this.repaint(delivery, userId, delivery.repaint.handle)
    const { id, message, taskId } = delivery
    if (message.kind === 'picture' && message.png.length <= pictureBytes.app)
      return this.sendPicture(id, message, userId)
    const tag = invisibleTag(createHash('sha256').update(id).digest())
    return this.tell(userId, appBody(message.kind === 'picture' ? inWords(message) : message, taskId, tag))
  }

  /**
   * The file is named by the delivery: a retry names the same one, so that WeCom knows the message again, and the same
   * picture sent twice on purpose is two files, so that it is not taken for a retry.
   */
  private async sendPicture(id: string, picture: Picture, userId: string): Promise<Sent> {
    const mediaId = await this.uploads.id(id, () => this.upload(picture))
    try {
      return await this.tell(userId, uploadedBody(mediaId))
    } catch (error) {
      if (error instanceof Permanent) await this.uploads.forget(id)
      throw error
    }
  }

  /** `media/upload` (/90253): a file for three days. */
  private async upload(picture: Picture): Promise<string> {
    const api = 'media/upload'
    const form = pictureForm(picture, picture.name)
    const ask: Ask = { api, method: 'POST', url: `/cgi-bin/${api}`, params: { type: 'image' }, form }
    const mediaId = words((await this.call(ask)).media_id)
    if (!mediaId) throw new Temporary('no-media', 'media/upload: an answer without a media_id')
    return mediaId
  }

  private async tell(userId: string, body: Body): Promise<Sent> {
    const answer = await this.post('message/send', {
      touser: userId,
      agentid: this.config.agentId,
      ...body,
      enable_duplicate_check: 1,
      duplicate_check_interval: duplicateSeconds,
    })
    // A member who could not be reached is no error to the platform.
    if (words(answer.invaliduser) !== '' || words(answer.unlicenseduser) !== '') throw unreachable(answer)
    const messageId = words(answer.msgid)
    const code = words(answer.response_code)
    const expiresAt = new Date(this.deps.clock.now().getTime() + codeLifeMs)
    return { ...(messageId && { messageId }), ...(code && { repaint: { handle: code, expiresAt } }) }
  }

  private async repaint({ message, taskId }: Delivery, userId: string, code: string): Promise<Sent> {
    if (message.kind !== 'card')
      throw new Permanent('bad-message', 'only a card can be drawn over a card', { fix: 'report this as a bug' })
    const card = drawTemplate(message.card, { channel: 'app', repaint: true, taskId })
    if (!card)
      throw new Permanent('bad-message', 'this card cannot be drawn over another', { fix: 'report this as a bug' })
    const { task_id: _, ...template } = card
    const body = { userids: [userId], agentid: this.config.agentId, response_code: code, template_card: template }
    try {
      const answer = await this.post('message/update_template_card', body)
      if (Array.isArray(answer.invaliduser) && answer.invaliduser.length > 0) throw unreachable(answer)
    } catch (error) {
      if (error instanceof Permanent && error.code === 'stale-handle' && this.doubts.settle(code)) return {}
      if (isUncertain(error)) this.doubts.raise(code)
      throw error
    }
    return {}
  }

  /** `message/recall` (/94867); false when the 24 hours are over. */
  async recall(messageId: string): Promise<boolean> {
    try {
      await this.post('message/recall', { msgid: messageId })
      return true
    } catch (error) {
      if (error instanceof Permanent && error.code === 'too-late') return false
      throw error
    }
  }

  /** `media/get` (/90254): at most 20 MB. */
  async media(mediaId: string): Promise<{ bytes: Buffer; mime: string; name?: string }> {
    const api = 'media/get'
    const ask: Ask = { api, method: 'GET', url: `/cgi-bin/${api}`, params: { media_id: mediaId } }
    const got = await this.withToken<Download | Answer>(
      ask,
      given => this.client.download(given),
      found => (isDownload(found) ? null : found),
    )
    if (!isDownload(got)) throw new Temporary('no-file', 'media/get: an answer without a file')
    const name = fileName(got.headers['content-disposition'])
    return {
      bytes: got.bytes,
      mime: String(got.headers['content-type'] ?? 'application/octet-stream'),
      ...(name && { name }),
    }
  }

  /** `user/getuserid` (/95402); null when nobody has that number. */
  async findByMobile(mobile: string): Promise<string | null> {
    // Too many wrong numbers block the API for a day, so what can't be one is not asked for.
    if (!/^\+?\d{5,20}$/.test(mobile)) return null
    try {
      const answer = await this.post('user/getuserid', { mobile })
      return words(answer.userid).toLowerCase() || null
    } catch (error) {
      if (error instanceof Permanent && error.code === 'no-such-user') return null
      throw error
    }
  }

  /** One call below `/cgi-bin/`, with the app's token. */
  post(api: string, body: object): Promise<Answer> {
    return this.call({ api, method: 'POST', url: `/cgi-bin/${api}`, body })
  }

  get(api: string, params: Record<string, string>): Promise<Answer> {
    return this.call({ api, method: 'GET', url: `/cgi-bin/${api}`, params })
  }

  private call(ask: Ask): Promise<Answer> {
    return this.withToken(
      ask,
      given => this.client.ask(given),
      answer => answer,
    )
  }

  /** Asks with a token, and once more with a fresh one when the platform does not take it. */
  private withToken<T>(ask: Ask, go: (ask: Ask) => Promise<T>, answerIn: (got: T) => Answer | null): Promise<T> {
    return this.client.counted(ask.api, async () => {
      this.client.gates.check('app', `app ${ask.api}`)
      const token = await this.tokens.get()
      let got = await go(signed(ask, token))
      const first = answerIn(got)
      // 40001 too: that is how a token of a secret that was reset since is refused.
      if (first && (meaningOf(first.errcode).is === 'token' || first.errcode === 40001))
        got = await go(signed(ask, await this.tokens.replace(token)))
      const answer = answerIn(got)
      if (answer) this.client.settle(ask.api, withIp(answer))
      else this.client.gates.open('app', `app ${ask.api}`)
      return got
    })
  }

  /** `gettoken` (/91039). */
  private fetchToken(): Promise<{ token: string; seconds: number }> {
    const { corpId, secret } = this.config
    const api = 'gettoken'
    return this.client.counted(api, async () => {
      this.client.gates.check('app', `app ${api}`)
      const params = { corpid: corpId, corpsecret: secret }
      const answer = await this.client.ask({ api, method: 'GET', url: `/cgi-bin/${api}`, params })
      if (answer.errcode !== 0) this.client.settle(api, answer)
      const { access_token: token, expires_in: seconds } = answer
      if (typeof token !== 'string' || token === '' || typeof seconds !== 'number')
        throw new Temporary('no-token', 'gettoken: an answer without a token')
      return { token, seconds }
    })
  }
}

const signed = (ask: Ask, token: string): Ask => ({ ...ask, params: { ...ask.params, access_token: token } })

const words = (value: unknown): string => (typeof value === 'string' ? value : '')

function unreachable({ unlicenseduser }: Answer): Permanent {
  if (words(unlicenseduser) !== '')
    return new Permanent('no-licence', 'the member has no licence for the interface', {
      fix: 'give the member a 接口许可 in the admin console',
    })
  return new Permanent('no-such-user', 'WeCom does not know the member, or the app is not visible to him', {
    fix: 'check the user id, and add the person to the app’s 可见范围',
  })
}

/** 60020 hides the address that has to be allowed at the end of a long message: it goes to the front. */
function withIp(answer: Answer): Answer {
  const ip = answer.errcode === 60020 ? /from ip: *([0-9a-f.:]+)/i.exec(answer.errmsg)?.[1] : undefined
  return ip ? { ...answer, errmsg: `this machine's address ${ip} is not allowed` } : answer
}
