import { expect, it } from 'vitest'
import { givenOrder, onBoth } from '../support/shop.ts'

onBoth(story => {
  it('the card of an order opens its page, for who works on it', async () => {
    const { world } = story
    const code = await givenOrder(world)
    const links = () =>
      world.zhang.cards().map(({ message }) => JSON.stringify(message.body).includes(`${world.url}/m/orders/${code}`))
    expect(links()).toEqual([true])
    await world.zhang.taps('接单')
    expect(links()).toContain(true)
    await world.settle()
    world.ignore()
  })
})
