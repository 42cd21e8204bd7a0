import { beforeAll, describe, expect, it } from 'vitest'
import { token as apiToken, eventually } from '../support/process.ts'
import { installed } from './installed.ts'
import { Wire, written } from './raw.ts'
import { pathOf, sealedWords } from './sealed.ts'

/** Clients that take their time, or send without end, over sockets, to the service as it is installed. */

const at = installed()

const bearer = `Authorization: Bearer ${apiToken}`
const json = 'Content-Type: application/json'
const csv = 'Content-Type: text/csv'
const orders = '/api/v1/imports?kind=orders&team=%E4%B8%80%E7%8F%AD'

/** Every kind of door with a body, and what it says to who never ends his: it waits no longer, or has not waited at all. */
const doors: ReadonlyArray<[what: string, path: string, headers: string[], status: number]> = [
  ['the platform’s callback', '/wecom/callback?msg_signature=x&timestamp=1&nonce=x', [], 408],
  ['the API', '/api/v1/orders', [bearer, json], 408],
  ['the API, by nobody', '/api/v1/orders', [json], 401],
  ['a table', orders, [bearer, csv], 408],
  ['the sign-in inside an app', '/login/wecom/code', [json], 403],
  ['signing out', '/logout', ['Content-Type: application/x-www-form-urlencoded'], 408],
  ['a rating', `/r/${'x'.repeat(48)}`, ['Content-Type: application/x-www-form-urlencoded'], 404],
  ['a page’s route', '/console/api/orders', [json], 401],
  ['a phone’s route', '/m/api/orders/1001/steps', [json], 401],
  ['nowhere', '/nowhere', [], 404],
]

/** Somebody else, who is served as always. */
const served = async () => {
  const [live, order] = await Promise.all([fetch(`${at.service.url}/health/live`), at.service.order()])
  await live.arrayBuffer()
  expect([live.status, typeof order]).toEqual([200, 'string'])
}
beforeAll(() => served())

describe('a client that takes its time', () => {
  it('is sent away by every kind of door, sending a byte a second, and keeps nobody else waiting', async () => {
    const slow = await Promise.all(
      doors.map(async ([what, path, headers, status]) => {
        const wire = await Wire.open(at.service.url)
        wire.send(written('POST', path, [...headers, 'Content-Length: 200']))
        void wire.drip('x'.repeat(200), 1_000)
        return { what, status, wire }
      }),
    )
    const chunked = await Wire.open(at.service.url)
    chunked.send(written('POST', '/api/v1/orders', [bearer, json, 'Transfer-Encoding: chunked']))
    void chunked.drip('1\r\n{\r\n'.repeat(40), 1_000)
    const silent = await Wire.open(at.service.url)
    silent.send(written('POST', '/api/v1/orders', [bearer, json, 'Content-Length: 200']))
    const head = await Wire.open(at.service.url)
    void head.drip(`POST /api/v1/orders HTTP/1.1\r\nHost: x\r\n${'X-A: b\r\n'.repeat(40)}`, 1_000)
    const mute = await Wire.open(at.service.url)
    const all = [...slow.map(({ wire }) => wire), chunked, silent, head, mute]

    for (let turn = 0; turn < 3; turn++) await served()
    // Before any of them was sent away: nobody waits for them.
    expect([chunked, silent, head, mute].map(wire => wire.endedAfter)).toEqual([null, null, null, null])
    await Promise.all(all.map(wire => wire.over(45_000)))
    expect(slow.map(({ what, wire }) => [what, ...wire.statuses])).toEqual(
      slow.map(({ what, status }) => [what, status]),
    )
    expect([chunked, silent, head].map(wire => wire.statuses)).toEqual([[408], [408], [408]])
    expect(all.filter(wire => wire.endedAfter === null)).toEqual([])
    expect(at.service.errors).toEqual([])
  })

  it('comes in hundreds, and the others are served all the same', async () => {
    const wires = await Promise.all(
      Array.from({ length: 400 }, async (_, nth) => {
        const wire = await Wire.open(at.service.url)
        const [, path = '', headers = []] = doors[nth % doors.length] ?? []
        wire.send(
          nth % 3 === 0
            ? 'POST / HTTP/1.1\r\nHost: x\r\nX-A:'
            : written('POST', path, [...headers, 'Content-Length: 200'], '{'),
        )
        return wire
      }),
    )
    for (let turn = 0; turn < 3; turn++) await served()
    expect(wires.filter(wire => wire.endedAfter === null).length).toBeGreaterThan(100)
    const knock = sealedWords(at.outside, '帮助')
    const answer = await fetch(`${at.service.url}${pathOf(knock)}`, { method: 'POST', body: knock.body })
    expect(answer.status).toBe(200)
    for (const wire of wires) wire.cut()
    await served()
    // Who hangs up in the middle is nobody's error.
    expect(at.service.errors).toEqual([])
  })

  it('may be slow, as long as it goes on', async () => {
    const wire = await Wire.open(at.service.url)
    const body = JSON.stringify({ name: '慢班', pad: 'x'.repeat(40) })
    const bytes = Buffer.from(body).toString('latin1')
    wire.send(written('POST', '/api/v1/teams', [bearer, json, `Content-Length: ${bytes.length}`, 'Connection: close']))
    await wire.drip(bytes, 30)
    await wire.over(10_000)
    expect(wire.statuses).toEqual([422])
  })
})

describe('a body that is larger than it says, or than it may be', () => {
  it('is answered with 413 where it comes in pieces, too', async () => {
    const wire = await Wire.open(at.service.url)
    wire.send(written('POST', '/api/v1/orders', [bearer, json, 'Transfer-Encoding: chunked']))
    const piece = `10000\r\n${'x'.repeat(65_536)}\r\n`
    for (let nth = 0; nth < 8; nth++) wire.send(piece)
    wire.send('0\r\n\r\n')
    await eventually(() => expect(wire.statuses).toEqual([413]))
    wire.cut()
    const door = await Wire.open(at.service.url)
    door.send(written('POST', '/wecom/callback?msg_signature=x&timestamp=1&nonce=x', ['Transfer-Encoding: chunked']))
    for (let nth = 0; nth < 8; nth++) door.send(piece)
    door.send('0\r\n\r\n')
    await eventually(() => expect(door.statuses).toEqual([413]))
    door.cut()
    expect(at.service.errors).toEqual([])
  })
})
