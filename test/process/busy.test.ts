import { describe, expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { eachStory, givenOrder } from '../support/shop.ts'

const story = eachStory()

/** Keeps everybody else out of the inbox until it is let go. */
async function holdInbox(): Promise<() => Promise<void>> {
  const { db } = story
  const other = await db.another()
  let letGo = () => {}
  const end = new Promise<void>(resolve => {
    letGo = resolve
  })
  let held = () => {}
  const holding = new Promise<void>(resolve => {
    held = resolve
  })
  const work = inTransaction(other, async tx => {
    await tx.$executeRaw`LOCK TABLE "Inbox" IN ACCESS EXCLUSIVE MODE`
    held()
    await end
  })
  await holding
  return async () => {
    letGo()
    await work
    await other.close()
  }
}

describe('while the database is busy', () => {
  it('answers WeCom in time, loses nothing, and does once what was tapped', async () => {
    const { world } = story
    const { zhang, zhao, sandbox } = world
    const code = await givenOrder(world)
    const { message, card } = zhang.cardWith('接单')
    const key = card.buttons.find(button => button.text === '接单')?.key ?? ''

    const letGo = await holdInbox()
    const tapping = zhang.tapsKey(message, key)
    const started = performance.now()
    expect(await sandbox.verifyCallback()).toBe(true)
    expect(performance.now() - started).toBeLessThan(1_000)
    const first = await waitForCallback()
    expect(first).toMatchObject({ status: 503 })
    expect(first.ms).toBeLessThan(5_000)
    // WeCom calls again a second later; the tables are still locked then.
    await letGo()
    expect(await tapping).not.toBe('failed')
    await world.settle()

    const calls = callbacks()
    expect(calls.length).toBeGreaterThan(1)
    for (const { ms } of calls) expect(ms).toBeLessThan(5_000)
    expect(calls.at(-1)?.status).toBe(200)
    const { body } = await world.api<{ timeline: Array<{ fact: string }> }>('GET', `/orders/${code}`)
    expect(body.timeline.map(({ fact }) => fact)).toEqual(['created', 'dispatched', 'accepted'])
    expect(await story.db.prisma.inbox.count({ where: { key: { startsWith: 'app:event:' } } })).toBe(1)
    zhao.sees(`${code} 张三 已接单`)
    world.groupSees(`${code} 张三 已接单`)
    zhang.cardShows('待联系', '[已联系]')
  })

  function callbacks(): Array<{ ms: number; status: number | undefined }> {
    const entries = story.world.sandbox.log().filter(({ what }) => what === 'template_card_event')
    return entries.map(({ ms, status }) => ({ ms: ms ?? Number.NaN, status }))
  }

  function waitForCallback(): Promise<{ ms: number; status: number | undefined }> {
    return new Promise(resolve => {
      const stop = story.world.sandbox.onChange(look)
      const tick = setInterval(look, 50)
      function look() {
        const found = callbacks()[0]
        if (!found) return
        clearInterval(tick)
        stop()
        resolve(found)
      }
    })
  }
})
