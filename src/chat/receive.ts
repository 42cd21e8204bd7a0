import type { Context } from '../context.ts'
import { Together } from '../db/together.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { forLog, Permanent, Refusal, Temporary } from '../errors.ts'
import { approvalChanged } from '../leave/native.ts'
import { waitAfter } from '../outbox/retry.ts'
import { painted, repaintKey } from '../outbox/shown.ts'
import { answered, byDedupeKey, hurry, put, type Telling } from '../outbox/store.ts'
import type { Person } from '../people/person.ts'
import { personByUser } from '../people/store.ts'
import type { Answer, Receipt, Receive, SeenBy } from '../platforms/platform.ts'
import { asWritable, isUnwritable } from '../text.ts'
import type { Said } from './card.ts'
import { bindFirst, converse, type Ears } from './converse.ts'
import type { Inbound } from './inbound.ts'
import { type Behind, inOrder } from './inorder.ts'
import { finishInbound, keepInbound, lockInbound, postponeInbound, reviveInbound } from './store.ts'
import { answerGraceMs, chatKey, type Reply, say, type Talk } from './talk.ts'
import { redrawn } from './taps.ts'
import { Turns } from './turns.ts'
import { understand } from './understand.ts'
import { howToBind } from './words.ts'

export interface ReceiveDeps extends Ears {
  /** Asks a platform whose mobile this is: the proof behind 绑定 手机号. */
  findByMobile(platform: Inbound['platform'], mobile: string): Promise<string | null>
}

/** After this many failures an event is given up and the person is told to say it again. */
const triesBeforeDead = 8

export interface Road {
  receive: Receive
  /** Handles an event that was kept earlier. */
  again(inbound: Inbound): Promise<void>
  /** Resolves when nothing that was heard is still being worked on. */
  idle(): Promise<void>
}

/**
 * The road in (design.md §3): keep the event, then, in one transaction, do what it says, write what is to be told and
 * mark it done. A duplicate changes nothing and gets the same answer again.
 */
export function createReceive(ctx: Context, deps: ReceiveDeps): Road {
  const underWay = new Set<Promise<unknown>>()
  const turns = new Turns()
  const marking = new Together(ctx.db)
  const tracked = <T>(work: Promise<T>): Promise<T> => {
    const settled: Promise<unknown> = work.catch(() => {}).finally(() => underWay.delete(settled))
    underWay.add(settled)
    return work
  }

  function receive(heard: Inbound): Receipt {
    const inbound = writableInbound(heard)
    // By itself: what is acknowledged depends on nothing else.
    const kept = keepInbound(ctx.db.prisma, ctx.company, inbound, ctx.clock.now())
    const stored = kept.then(() => {})
    const handled = tracked(
      turns.take(`${inbound.platform} ${inbound.sender.userId}`, () => kept.then(() => handle(inbound))),
    )
    // A door that gave up waiting must not turn a late failure into an unhandled rejection: handle() has logged it.
    stored.catch(() => {})
    handled.catch(() => {})
    return { stored, handled }
  }

  /** `doorWaits` is false when nobody is there any more to answer at once. */
  async function handle(inbound: Inbound, doorWaits = true): Promise<Answer | null> {
    try {
      const proof = await lookUpOwner(inbound)
      const work = () =>
        inTransaction(ctx.db, tx => road({ tx, ctx, inbound }, proof, doorWaits), { retryUnique: true })
      const reply = await inOrder(ctx, inbound, work, handle)
      ctx.ring()
      if (reply === 'known') return await repeated(inbound)
      if (reply === 'waits') return null
      if (!reply || ownWay(inbound, reply)) return null
      return {
        message: reply.message,
        answered: seenBy => tracked(markAnswered(inbound, reply, seenBy)),
        ...(!reply.painted && { forAll: true }),
      }
    } catch (error) {
      await failed(inbound, error)
      throw error
    }
  }

  async function road(
    talk: Pick<Talk, 'tx' | 'ctx' | 'inbound'>,
    owner: string | null,
    doorWaits: boolean,
  ): Promise<Reply | null | 'known' | Behind> {
    const { tx, inbound } = talk
    const { platform, key } = inbound
    const [locked, person] = await Promise.all([
      lockInbound(tx, ctx.company, inbound),
      personByUser(tx, ctx.company, platform, inbound.sender.userId),
    ])
    if (!locked) return 'known'
    if (locked.before.length > 0) return locked
    const now = ctx.clock.now()
    if (inbound.said.kind === 'event' && inbound.said.event === 'approval') {
      await approvalChanged(tx, ctx, platform, inbound.said.detail.id ?? '')
      await finishInbound(tx, ctx.company, platform, key, { status: 'done' }, now)
      return null
    }
    let status: 'done' | 'refused' = 'done'
    let reply: Reply | null
    try {
      reply = person ? await converse(talkOf(talk, person), deps) : await stranger(talk, owner)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      status = 'refused'
      reply = say(error.message)
    }
    if (reply) await put(tx, ctx.company, replyRow(inbound, person, reply, now, doorWaits), now)
    await finishInbound(tx, ctx.company, platform, key, { status }, now)
    return reply
  }

  /** Someone not bound yet can do one thing: bind. Everything else is answered with how. */
  async function stranger(talk: Pick<Talk, 'tx' | 'ctx' | 'inbound'>, owner: string | null): Promise<Reply | null> {
    const { said } = talk.inbound
    if (said.kind === 'event') return said.event === 'entered' ? say(howToBind()) : null
    if (said.kind !== 'text') return say(howToBind())
    const wish = bindWish(said.text)
    const bound = wish ? await bindFirst(talk, wish, owner) : null
    return say(bound ?? howToBind())
  }

  function bindWish(text: string) {
    const now = ctx.clock.now()
    const understood = understand({
      text,
      direct: true,
      now,
      zone: ctx.policy('default').zone,
      names: [],
      isCode: () => false,
      botNames: deps.botNames,
    })
    return understood.kind === 'wish' && understood.wish.about === 'bind' ? understood.wish : null
  }

  async function lookUpOwner(inbound: Inbound): Promise<string | null> {
    const { said, platform, sender } = inbound
    const wish = said.kind === 'text' && /绑定/.test(said.text) ? bindWish(said.text) : null
    if (!wish?.mobile || (await personByUser(ctx.db.prisma, ctx.company, platform, sender.userId))) return null
    return deps.findByMobile(platform, wish.mobile).catch(error => {
      if (!(error instanceof Temporary || error instanceof Permanent)) throw error
      ctx.log.warn({ code: error.code }, 'looking up a mobile failed')
      return null
    })
  }

  /** The platform delivered it again: the first answer may have been lost, so it gets the same one. */
  async function repeated(inbound: Inbound): Promise<Answer | null> {
    const row = await byDedupeKey(ctx.db.prisma, ctx.company, replyKey(inbound))
    if (!row) return null
    const { message, painted: card } = row.data as ReplyData
    if (message.kind === 'card' && inbound.said.kind !== 'button') return null
    const now = card && (await redrawn(ctx, inbound, card.subject))
    return {
      message: now ?? message,
      repeat: true,
      answered: () => answered(ctx.db.prisma, ctx.company, replyKey(inbound)),
    }
  }

  /** Where only the tapper saw his card redrawn, its own row still draws it for good. */
  async function markAnswered(inbound: Inbound, reply: Reply, seenBy: SeenBy = 'everyone'): Promise<void> {
    await marking.add(async (tx: Tx) => {
      await answered(tx, ctx.company, replyKey(inbound))
      if (reply.painted && !reply.painted.passing && seenBy === 'tapper')
        await hurry(tx, ctx.company, repaintKey(reply.painted.shownId), ctx.clock.now())
      if (reply.painted && seenBy === 'everyone')
        await painted(tx, ctx.company, reply.painted.shownId, reply.painted.version, null)
    })
    if (seenBy === 'tapper') ctx.ring()
  }

  async function failed(inbound: Inbound, error: unknown): Promise<void> {
    const { platform, key } = inbound
    const message = error instanceof Error ? error.message : String(error)
    ctx.log.error({ platform, key, err: forLog(error) }, 'handling an event failed')
    const now = ctx.clock.now()
    const attempts = await postponeInbound(
      ctx.db.prisma,
      ctx.company,
      platform,
      key,
      message,
      new Date(now.getTime() + waitAfter(1, Math.random())),
    ).catch(() => 0)
    if (attempts < triesBeforeDead) return
    const sorry = say('系统出错了，你刚才说的没有记录。请过一会儿再说一次，或找派工员。')
    await inTransaction(ctx.db, async tx => {
      await finishInbound(tx, ctx.company, platform, key, { status: 'dead', error: message }, now)
      await put(tx, ctx.company, replyRow(inbound, null, sorry, now, false), now)
    })
  }

  function talkOf(talk: Pick<Talk, 'tx' | 'ctx' | 'inbound'>, person: Person): Talk {
    const { inbound } = talk
    const { said, chat, platform } = inbound
    const words = said.kind === 'text' ? said.text : undefined
    const group = chat.kind === 'group' ? { platform, chatId: chat.id } : undefined
    return {
      ...talk,
      person,
      chatKey: chatKey(inbound),
      speech: { via: said.kind === 'button' ? 'button' : 'text', words, group },
    }
  }

  return {
    receive,
    async again(inbound) {
      await handle(inbound, false).catch(() => {})
    },
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** What an answer row holds: drawn already, since it answers a moment and not a state. */
export interface ReplyData {
  message: Said
  platform: Inbound['platform']
  userId: string
  chat: Inbound['chat']
  /** The tapped card is an order's: its own row repaints it if the answer is lost. */
  painted?: { subject: string }
}

const replyKey = (inbound: Inbound): string => `reply:${inbound.platform}:${inbound.key}`

/**
 * A tap is answered by repainting its card, a sentence by a sentence. Anything else can't be the answer itself on every
 * platform: it goes out as a message of its own, at once.
 */
const ownWay = (inbound: Inbound, reply: Reply): boolean =>
  (reply.message.kind === 'card') !== (inbound.said.kind === 'button')

/** The answer as an outbox row: said by the door at once if it can, by the engine a moment later if not. */
function replyRow(inbound: Inbound, person: Person | null, reply: Reply, now: Date, doorWaits: boolean): Telling[] {
  const { platform, chat, sender } = inbound
  const painted = reply.painted && !reply.fallback ? { painted: { subject: reply.painted.subject } } : {}
  const data: ReplyData = {
    message: reply.fallback ?? reply.message,
    platform,
    userId: sender.userId,
    chat,
    ...painted,
  }
  const to =
    chat.kind === 'group'
      ? { platform, chatId: chat.id }
      : person
        ? { person: person.id }
        : { platform, chatId: `user:${sender.userId}` }
  const at = new Date(now.getTime() + (doorWaits && !ownWay(inbound, reply) ? answerGraceMs : 0))
  return [{ kind: 'reply', to, data, dedupeKey: replyKey(inbound), aside: 'answer', at }]
}

/** The event itself, or one whose texts can be kept: what a platform passes on may have been cut in the middle of an emoji. */
function writableInbound(inbound: Inbound): Inbound {
  const json = JSON.stringify(inbound)
  return isUnwritable(json) ? reviveInbound(JSON.parse(json, asWritable)) : inbound
}
