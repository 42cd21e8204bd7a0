import { describe, expect, it } from 'vitest'
import { Places } from '../../src/engine/places.ts'

const begin = (places: Places, platform: string, count: number) => {
  const taken = Array.from({ length: count }, () => places.take())
  return { taken, decided: taken.map(place => place.decide(platform)) }
}

describe('places to send from', () => {
  it('are never all one platform’s while there is another', () => {
    const places = new Places(16, ['wecom', 'dingtalk'])
    expect([places.free(), places.full()]).toEqual([12, []])
    const { taken, decided } = begin(places, 'wecom', 13)
    expect(decided.filter(Boolean)).toHaveLength(12)
    // The one that found no place holds none once it has left.
    taken[12]?.leave()
    expect([places.free(), places.full()]).toEqual([4, ['wecom']])
    expect(begin(places, 'dingtalk', 4).decided).toEqual([true, true, true, true])
    expect(places.free()).toBe(0)
    taken[0]?.leave()
    expect([places.free(), places.full()]).toEqual([1, []])
  })

  it('are all a single platform’s', () => {
    const places = new Places(16, ['wecom'])
    expect(begin(places, 'wecom', 16).decided.every(Boolean)).toBe(true)
    expect(places.free()).toBe(0)
  })

  it('are not given away twice while it is not known for whom they are', async () => {
    const places = new Places(16, ['wecom', 'dingtalk'])
    const first = Array.from({ length: 10 }, () => places.take())
    expect(places.free()).toBe(2)
    let changed = 0
    for (let nth = 0; nth < 3; nth++) void places.changed().then(() => changed++)
    first[0]?.decide('dingtalk')
    await Promise.resolve()
    expect(changed).toBe(3)
  })
})
