import { expect, it } from 'vitest'
import { inTransaction } from '../../src/db/tx.ts'
import { change } from '../../src/orders/flow.ts'
import { personByName } from '../../src/people/store.ts'
import { eachStory, givenOrder } from '../support/shop.ts'

const story = eachStory()

it('a tap that waited while somebody else took the order shows who has it, not what was', async () => {
  const { world, db } = story
  const { zhao, zhang, li } = world
  const { ctx } = world.app
  const code = await givenOrder(world, { assign: '' })
  await zhao.says(`抢单 ${code}`)
  zhao.sees(`✅ ${code} 放出来抢单`)
  world.groupSees(`${code} 放出来抢单`)
  for (const technician of [zhang, li]) technician.sees(`派工单 ${code}`)

  const other = await db.another()
  const { id } = await db.prisma.order.findFirstOrThrow({ where: { code } })
  let tap: Promise<void> = Promise.resolve()
  await inTransaction(other, async tx => {
    const by = await personByName(tx, ctx.company, '李四')
    await change(tx, ctx, { orderId: id, command: { do: 'accept' }, by, speech: { via: 'text' } })
    tap = zhang.taps('抢单')
    // Where another client can wait at all (an embedded database does one thing after the other), it does by now.
    const waiting = () =>
      tx.$queryRaw<Array<{ waits: boolean }>>`
        SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted AND "database" IS NOT DISTINCT FROM
          (SELECT oid FROM pg_database WHERE datname = current_database()) OR NOT granted AND locktype = 'transactionid') AS waits`
    for (let nth = 0; nth < 400 && !(await waiting())[0]?.waits; nth++);
  })
  await other.close()
  await tap
  // The answer to the tap itself: a repaint behind it would hide what it showed, and may come before it.
  const answer = world.sandbox.log().findLast(({ what }) => what === 'template_card_event')
  expect(answer?.opened).toContain('李四')
  expect(answer?.opened).not.toContain('抢单中')
  zhang.cardShows('李四')
  zhao.sees(`${code} 李四 已接单`)
  world.groupSees(`${code} 李四 已接单`)
})
