import type { Card, Picture } from '../../chat/card.ts'
import { Permanent, Temporary } from '../../errors.ts'
import type { Clock } from '../../now.ts'
import type { Delivery, Problem, Recipient, Sent, Thrift } from '../platform.ts'
import { cutBytes, oneLine, webUrl } from '../text.ts'
import type { Cards } from './cards.ts'
import { cardText } from './draw.ts'
import type { Links } from './links.ts'
import type { Meter } from './meter.ts'
import { pictureBytes, type Robot } from './robot.ts'
import { conversationOf, type Sessions } from './sessions.ts'
import { plainMarkdown } from './text.ts'

interface Parts {
  robot: Robot
  cards: Cards
  sessions: Sessions
  meter: Meter
  clock: Clock
  /** For buttons that are links; missing where nobody could open them. */
  links: Links | undefined
  /** The company has no interactive cards. */
  cardless: boolean
}

/** From here on sessions are used where the API would do as well, if the other meter stands better. */
const scarce = 0.85
const reserve = 0.95
const merge = 0.7
const halfHour = 1_800_000
/** Cards that could not be made are not tried again for a while. */
const cardsOffMs = 600_000
const mostLinks = 5
/** `msgParam` may have 15,000 bytes (dingtalk.md §2.2); five links take a good part of them. */
const besideLinksBytes = 4_000
const titleBytes = 120

/** Chooses how a message gets to somebody: a card, a session, the API, links, plain words; and what to save when calls run short. */
export class Speaker {
  /** Since when each trouble is there. */
  private readonly since = new Map<string, Date>()
  private cardsOff: { until: number; since: Date; why: string } | undefined

  constructor(private readonly parts: Parts) {}

  async send(delivery: Delivery): Promise<Sent> {
    const { to, message, repaint, taskId } = delivery
    await this.parts.meter.refresh()
    if (repaint) {
      if (message.kind !== 'card') throw new Permanent('bad-message', 'only a card can be drawn over a card')
      return this.parts.cards.repaint(repaint.handle, message.card)
    }
    if (message.kind === 'text') return this.say(delivery, message.text, message.mentions ?? [])
    if (message.kind === 'picture') return this.show(delivery, message)
    const live = message.card.buttons.length > 0 || message.card.closed !== undefined
    if (!live || !taskId || (to.kind === 'group' && to.via === 'webhook'))
      return this.say(delivery, cardText(message.card), [])
    return this.showCard(delivery, message.card, taskId)
  }

  private async say({ id, to, answer }: Delivery, text: string, mentions: readonly string[]): Promise<Sent> {
    const { robot } = this.parts
    if (to.kind === 'group' && to.via === 'webhook') return robot.sayAsRobot(to.robot, text, mentions, id)
    const conversation = conversationIn(to)
    const inSession = answer === true || mentions.length > 0 || this.prefersSessions()
    if (inSession && (await robot.sayInSession(conversation, text, mentions))) return {}
    try {
      return await (to.kind === 'person' ? robot.sayToPerson(to.userId, text) : robot.sayToGroup(to.chatId, text))
    } catch (error) {
      if (!isOutOfAllowance(error) || inSession) throw error
      if (await robot.sayInSession(conversation, text, mentions)) return {}
      throw error
    }
  }

  /** A group's own robot has no way to show one but at a public address. */
  private async show(delivery: Delivery, picture: Picture): Promise<Sent> {
    const { to } = delivery
    if ((to.kind === 'group' && to.via === 'webhook') || picture.png.length > pictureBytes)
      return this.say(delivery, picture.alt, [])
    try {
      return await this.parts.robot.show(to.kind === 'person' ? { user: to.userId } : { group: to.chatId }, picture)
    } catch (error) {
      if (isOutOfAllowance(error) && (await this.parts.robot.sayInSession(conversationIn(to), picture.alt, [])))
        return {}
      throw error
    }
  }

  private async showCard(delivery: Delivery, card: Card, taskId: string): Promise<Sent> {
    const { to } = delivery
    if (!this.cardless())
      try {
        const space = to.kind === 'person' ? { user: to.userId } : { group: chatOf(to) }
        const sent = await this.parts.cards.send(space, card, taskId)
        this.cardsOff = undefined
        return sent
      } catch (error) {
        if (isOutOfAllowance(error)) return this.cardInWords(delivery, card, error)
        if (!(error instanceof Permanent || error instanceof Temporary)) throw error
        if (error.code !== 'no-card' && error.code !== 'no-permission') throw error
        const now = this.parts.clock.now()
        this.cardsOff = { until: now.getTime() + cardsOffMs, since: this.cardsOff?.since ?? now, why: error.message }
      }
    if (to.kind === 'person' && this.parts.links)
      return this.withLinks(to.userId, card, taskId, this.parts.links).catch(error => {
        if (isOutOfAllowance(error)) return this.cardInWords(delivery, card, error)
        throw error
      })
    return this.say(delivery, cardText(card), [])
  }

  /** No calls are left: the words of the card, where the person may be answered still. */
  private async cardInWords({ to }: Delivery, card: Card, error: Temporary): Promise<Sent> {
    const text = `${cardText(card)}\n（本月钉钉调用额度已用完，按钮暂时发不出来，直接回复上面的文字就行）`
    if (await this.parts.robot.sayInSession(conversationIn(to), text, [])) return {}
    throw error
  }

  /** ActionCard: its buttons open a page each (dingtalk.md §2.3, §5.6 route G). */
  private withLinks(userId: string, card: Card, taskId: string, links: Links): Promise<Sent> {
    const now = this.parts.clock.now()
    const title = cutBytes(oneLine(card.title), titleBytes)
    const page = webUrl(card.link)
    const buttons = card.buttons.slice(0, mostLinks - (page ? 1 : 0)).map(({ text, payload }) => ({
      text,
      url: links.write({ userId, taskId, payload, text, title }, now),
    }))
    const drawn = [...buttons, ...(page ? [{ text: '查看详情', url: page }] : [])]
    const lines = plainMarkdown(cardText({ ...card, buttons: [] })).split('\n')
    const text = cutBytes(lines.join('  \n  '), besideLinksBytes)
    const [only, second] = drawn
    if (!only) return this.parts.robot.toPerson(userId, 'sampleMarkdown', { title, text })
    if (!second)
      return this.parts.robot.toPerson(userId, 'sampleActionCard', {
        ...{ title, text, singleTitle: only.text, singleURL: only.url },
      })
    const numbered = drawn.flatMap(({ text: label, url }, at) => [
      [`actionTitle${at + 1}`, label],
      [`actionURL${at + 1}`, url],
    ])
    const param = { title, text, ...Object.fromEntries(numbered) }
    return this.parts.robot.toPerson(userId, `sampleActionCard${drawn.length}`, param)
  }

  private cardless(): boolean {
    return this.parts.cardless || (this.cardsOff?.until ?? 0) > this.parts.clock.now().getTime()
  }

  private prefersSessions(): boolean {
    const { meter } = this.parts
    return meter.share('calls') >= scarce && meter.share('pushes') < scarce
  }

  /** The stated order of saving (docs/dingtalk.md). */
  thrift(to: Recipient): Thrift | null {
    const { meter, sessions } = this.parts
    if (to.kind === 'group' && to.via === 'webhook') return null
    const exhausted = meter.refusedFor('calls') > 0
    const share = meter.share('calls')
    if (!exhausted && share < merge) return null
    const inSession = sessions.live(conversationIn(to)) !== null && meter.refusedFor('pushes') === 0
    return {
      leavesOut: inSession ? [] : share >= reserve || exhausted ? ['nice', 'should'] : share >= scarce ? ['nice'] : [],
      remindersEveryMs: halfHour,
      exhausted: exhausted && !inSession,
      why: meter.why('calls'),
    }
  }

  problems(): Problem[] {
    const { meter, clock } = this.parts
    const now = clock.now()
    const problems: Problem[] = []
    const fix =
      'buy a 增购包 or 专业版 (open.dingtalk.com), or set DINGTALK_QUOTA to what the company has; it begins anew each month'
    for (const kind of ['calls', 'pushes'] as const) {
      const gone = meter.refusedFor(kind) > 0
      const code = gone ? `${kind}-used-up` : meter.share(kind) >= merge ? `${kind}-run-short` : undefined
      for (const other of [`${kind}-used-up`, `${kind}-run-short`]) if (other !== code) this.since.delete(other)
      if (code === undefined) continue
      const since = this.since.get(code) ?? now
      this.since.set(code, since)
      problems.push({ code, what: gone ? `DingTalk refuses: ${meter.why(kind)}` : meter.why(kind), fix, since })
    }
    if (this.cardsOff && this.cardsOff.until > now.getTime())
      problems.push({
        ...{
          code: 'no-cards',
          what: `cards with buttons cannot be sent: ${this.cardsOff.why}`,
          since: this.cardsOff.since,
        },
        fix: 'give the app Card.Instance.Write, or mend DINGTALK_CARD_TEMPLATE_ID (docs/dingtalk-card.md)',
      })
    return problems
  }
}

const isOutOfAllowance = (error: unknown): error is Temporary => error instanceof Temporary && error.code === 'quota'

const chatOf = (to: Recipient): string => (to.kind === 'group' && to.via === 'bot' ? to.chatId : '')

const conversationIn = (to: Recipient): string =>
  conversationOf(to.kind === 'person' ? { user: to.userId } : { group: chatOf(to) })
