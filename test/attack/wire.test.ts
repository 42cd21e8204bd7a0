import { describe, expect, it } from 'vitest'
import { token as apiToken, eventually } from '../support/process.ts'
import { installed } from './installed.ts'
import { Wire, written } from './raw.ts'
import { pathOf, sealedWords } from './sealed.ts'

/** What no client sends, over sockets, to the service as it is installed: smuggled, growing, out of order. */

const at = installed()

const bearer = `Authorization: Bearer ${apiToken}`
const json = 'Content-Type: application/json'

describe('a request that two readers would read as different ones', () => {
  const inner = written('GET', '/health/live', [])
  const smuggled: ReadonlyArray<[string, string]> = [
    [
      'a length and chunks',
      written(
        'POST',
        '/api/v1/teams',
        [bearer, json, 'Content-Length: 4', 'Transfer-Encoding: chunked'],
        `0\r\n\r\n${inner}`,
      ),
    ],
    [
      'chunks and a length',
      written(
        'POST',
        '/api/v1/teams',
        [bearer, json, 'Transfer-Encoding: chunked', 'Content-Length: 4'],
        `0\r\n\r\n${inner}`,
      ),
    ],
    [
      'two lengths',
      written('POST', '/api/v1/teams', [bearer, json, 'Content-Length: 2', 'Content-Length: 40'], `{}${inner}`),
    ],
    [
      'the same length twice',
      written('POST', '/api/v1/teams', [bearer, json, 'Content-Length: 2', 'Content-Length: 2'], `{}${inner}`),
    ],
    ['a list of lengths', written('POST', '/api/v1/teams', [bearer, json, 'Content-Length: 2, 2'], `{}${inner}`)],
    ['a length with a sign', written('POST', '/api/v1/teams', [bearer, json, 'Content-Length: +2'], `{}${inner}`)],
    ['a length below zero', written('POST', '/api/v1/teams', [bearer, json, 'Content-Length: -2'], `{}${inner}`)],
    ['a length in hex', written('POST', '/api/v1/teams', [bearer, json, 'Content-Length: 0x2'], `{}${inner}`)],
    [
      'a length of no number there is',
      written('POST', '/api/v1/teams', [bearer, json, 'Content-Length: 99999999999999999999999'], `{}${inner}`),
    ],
    [
      'another coding',
      written('POST', '/api/v1/teams', [bearer, json, 'Transfer-Encoding: xchunked'], `0\r\n\r\n${inner}`),
    ],
    [
      'chunks that are not the last coding',
      written('POST', '/api/v1/teams', [bearer, json, 'Transfer-Encoding: chunked, identity'], `0\r\n\r\n${inner}`),
    ],
    [
      'two codings',
      written(
        'POST',
        '/api/v1/teams',
        [bearer, json, 'Transfer-Encoding: chunked', 'Transfer-Encoding: identity'],
        `0\r\n\r\n${inner}`,
      ),
    ],
    [
      'a chunk of no size',
      written('POST', '/api/v1/teams', [bearer, json, 'Transfer-Encoding: chunked'], `x\r\n{}\r\n0\r\n\r\n${inner}`),
    ],
    [
      'a chunk that ends elsewhere',
      written('POST', '/api/v1/teams', [bearer, json, 'Transfer-Encoding: chunked'], `2\r\n{}xx\r\n0\r\n\r\n${inner}`),
    ],
    ['a blank before the colon', written('POST', '/api/v1/teams', [bearer, json, 'Content-Length : 2'], `{}${inner}`)],
    [
      'a header that goes on in the next line',
      written('GET', '/api/v1/teams', ['X-A: b', ' Transfer-Encoding: chunked'], inner),
    ],
    ['a folded length', written('POST', '/api/v1/teams', [bearer, json, 'Content-Length:', ' 2'], `{}${inner}`)],
    ['lines that end with LF alone', `GET /health/live HTTP/1.1\nHost: x\n\n${inner}`],
    ['one line that ends with LF alone', `GET /health/live HTTP/1.1\r\nHost: x\nX-A: b\r\n\r\n${inner}`],
    ['lines that end with CR alone', `GET /health/live HTTP/1.1\r\nHost: x\rX-A: b\r\n\r\n${inner}`],
    ['a NUL in a header', written('GET', '/health/live', ['X-A: b\0c'], inner)],
    ['a NUL in a header’s name', written('GET', '/health/live', ['X-\0A: b'], inner)],
    ['a NUL in the address', written('GET', '/health/live\0', [], inner)],
    ['a header without a name', written('GET', '/health/live', [': b'], inner)],
    ['no host', `GET /health/live HTTP/1.1\r\nX-A: b\r\n\r\n${inner}`],
    ['two hosts', written('GET', '/health/live', ['Host: other.example'], inner)],
    ['no version', `GET /health/live\r\n\r\n${inner}`],
    ['a version there is not', `GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n${inner}`],
    ['a method there is not', `FETCH /health/live HTTP/1.1\r\nHost: x\r\n\r\n${inner}`],
    ['HTTP/2 without a word', `PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n${inner}`],
  ]

  it.each(smuggled)('%s: one answer, 400, and the end of it', async (_, bytes) => {
    const wire = await Wire.open(at.service.url)
    wire.send(bytes)
    await wire.over(5_000)
    expect([wire.statuses, wire.endedAfter !== null]).toEqual([[400], true])
  })

  it('a header larger than any is 431, and a line without end does not fill the memory', async () => {
    const wire = await Wire.open(at.service.url)
    wire.send(written('GET', '/health/live', [`X-A: ${'b'.repeat(20_000)}`], inner))
    await wire.over(5_000)
    expect(wire.statuses).toEqual([431])
    const line = await Wire.open(at.service.url)
    line.send(`GET /${'x'.repeat(200_000)}`)
    await line.over(5_000)
    expect(line.statuses).toEqual([431])
  })

  it('has changed nothing, and two that are in order are two', async () => {
    const { body } = await at.service.api<{ items: Array<{ name: string }> }>('GET', '/teams')
    expect(body.items.map(({ name }) => name)).toEqual(['一班'])
    const wire = await Wire.open(at.service.url)
    wire.send(inner + inner)
    await eventually(() => expect(wire.statuses).toEqual([200, 200]))
    wire.cut()
    expect(at.service.errors).toEqual([])
  })
})

describe('a document that grows when it is read', () => {
  const lols = Array.from({ length: 9 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  it.each([
    ['a million laughs', `<!DOCTYPE x [<!ENTITY l0 "lol">${lols}]>`, '&l9;'],
    ['a file of this machine', '<!DOCTYPE x [<!ENTITY l0 SYSTEM "file:///etc/passwd">]>', '&l0;'],
    ['an address inside', '<!DOCTYPE x [<!ENTITY % l0 SYSTEM "http://169.254.169.254/"> %l0;]>', '&l0;'],
    ['levels without end', '', `${'<a>'.repeat(20_000)}`],
  ])('%s is not read, sealed as the platform seals it', async (_, head, text) => {
    const code = await at.service.order('张三')
    const knock = sealedWords(at.outside, `接单 ${code} ${text}`, { head, bare: true })
    const begun = performance.now()
    const answer = await fetch(`${at.service.url}${pathOf(knock)}`, { method: 'POST', body: knock.body })
    expect([200, 400, 401, 403, 413]).toContain(answer.status)
    expect(await answer.text()).not.toMatch(/root:|lollol/)
    expect(performance.now() - begun).toBeLessThan(15_000)
    expect((await at.service.timeline(code)).some(({ fact }) => fact === 'accepted')).toBe(false)
    expect(at.service.errors).toEqual([])
  })
})

describe('callbacks in another order than they were said in', () => {
  it('end where the last word leads, each once, however often they come', async () => {
    const code = await at.service.order('张三')
    await eventually(() => expect(at.outside.cards('zhangsan').some(({ text }) => text.includes(code))).toBe(true))
    const said = ['接单', '已联系', '到达', '完工'].map((word, nth) =>
      sealedWords(at.outside, `${word} ${code} ${word === '完工' ? '换了电容' : ''}`, {
        id: `77000${nth}`,
        ageSeconds: 8 - nth,
      }),
    )
    const [accepted, contacted, arrived, done] = said
    for (const knock of [arrived, accepted, done, contacted, arrived, done, accepted, contacted, done]) {
      if (!knock) throw new Error('four were sealed')
      const answer = await fetch(`${at.service.url}${pathOf(knock)}`, { method: 'POST', body: knock.body })
      expect(answer.status).toBe(200)
      await answer.arrayBuffer()
    }
    const facts = (await at.service.timeline(code)).map(({ fact }) => fact)
    expect(
      ['accepted', 'contacted', 'arrived', 'completed'].map(fact => facts.filter(one => one === fact).length),
    ).toEqual([1, 1, 1, 1])
    const { body } = await at.service.api<{ state: string }>('GET', `/orders/${code}`)
    expect(body.state).toBe('completed')
    expect(at.service.errors).toEqual([])
  })
})
