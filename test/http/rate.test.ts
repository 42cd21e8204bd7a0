import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bucket, take } from '../../src/http/rate.ts'
import { eachStory } from '../support/shop.ts'
import { apiToken } from '../support/world.ts'

describe('a token bucket', () => {
  it('never lets through more than a minute’s worth and what came in since', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 120 }),
        fc.array(fc.integer({ min: -2_000, max: 20_000 }), { maxLength: 300 }),
        (perMinute, pauses) => {
          let bucket: Bucket | null = null
          let [now, forward, allowed] = [0, 0, 0]
          for (const pause of pauses) {
            now += pause
            forward += Math.max(0, pause)
            const taken = take(bucket, now, perMinute)
            bucket = taken.bucket
            if (taken.allowed) allowed += 1
            expect(taken.remaining).toBeGreaterThanOrEqual(0)
            expect(taken.retrySeconds > 0).toBe(!taken.allowed)
            expect(taken.resetSeconds).toBeLessThanOrEqual(60)
          }
          expect(allowed).toBeLessThanOrEqual(perMinute + (forward * perMinute) / 60_000 + 1e-6)
        },
      ),
    )
  })

  it('gives a minute’s worth at once after however long a rest, and no more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 0, max: 10_000_000 }), (perMinute, rest) => {
        let bucket: Bucket | null = take(null, 0, perMinute).bucket
        let allowed = 0
        for (let nth = 0; nth < perMinute * 2; nth++) {
          const taken = take(bucket, 60_000 + rest, perMinute)
          bucket = taken.bucket
          if (taken.allowed) allowed += 1
        }
        expect(allowed).toBe(perMinute)
      }),
    )
  })

  it('lets through who waits as long as he is told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.integer({ min: 0, max: 3_000 }), (perMinute, step) => {
        let bucket: Bucket | null = null
        let now = 0
        for (;;) {
          const taken = take(bucket, now, perMinute)
          bucket = taken.bucket
          if (!taken.allowed) {
            expect(take(bucket, now + taken.retrySeconds * 1000, perMinute).allowed).toBe(true)
            return
          }
          // It fills about as fast as it is emptied: that takes too long, or never ends.
          if (step * perMinute >= 30_000) return
          now += step
        }
      }),
    )
  })
})

describe('a token that comes too often', () => {
  const story = eachStory({ empty: true, apiRatePerMinute: 3 })
  const get = (authorization: string) =>
    fetch(`${story.world.url}/api/v1/teams`, { headers: { Authorization: `Bearer ${authorization}` } })

  it('is told how often it may and when to come again, and stands in nobody else’s way', async () => {
    const { world } = story
    const { body } = await world.api<{ secret: string }>('POST', '/tokens', { name: 'ERP', scopes: ['people:read'] })
    const answers = [await get(apiToken), await get(apiToken), await get(apiToken)]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 429])
    const [first, , third] = answers
    expect(first?.headers.get('ratelimit-policy')).toBe('"default";q=3;w=60')
    expect(first?.headers.get('ratelimit')).toBe('"default";r=1;t=40')
    expect(third?.headers.get('ratelimit')).toBe('"default";r=0;t=60')
    expect(third?.headers.get('retry-after')).toBe('20')
    expect(await third?.json()).toMatchObject({
      ...{ status: 429, title: 'Too many requests' },
      detail: 'A token may make 3 requests a minute. Come again in 20 s.',
    })
    expect((await get(body.secret)).status).toBe(200)
    expect((await fetch(`${world.url}/api/v1/openapi.json`)).headers.get('ratelimit')).toBeNull()
    await world.forward('19s')
    expect((await get(apiToken)).status).toBe(429)
    await world.forward('1s')
    expect([(await get(apiToken)).status, (await get(apiToken)).status]).toEqual([200, 429])
  })
})
