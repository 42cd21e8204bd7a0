import type { Context as KoaContext } from 'koa'
import { describe, expect, it } from 'vitest'
import { Cookies } from '../../src/login/cookies.ts'

/** A request with this Cookie header, and what is answered to it. */
function exchange(cookie: string) {
  const written: string[] = []
  const http = { get: () => cookie, append: (_: string, line: string) => void written.push(line) }
  return { http: http as unknown as KoaContext, written }
}

describe('cookies', () => {
  it('over https are of this host alone, and never sent without it', () => {
    const { http, written } = exchange('paigong=planted; __Host-paigong=mine')
    const cookies = new Cookies('https://paigong.example')
    cookies.write(http, 'paigong', 'v', 60)
    expect(written).toEqual(['__Host-paigong=v; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60'])
    // One without the prefix could have been planted by a neighbour.
    expect(cookies.read(http, 'paigong')).toBe('mine')
  })

  it('over http go without both, since a browser would not take them', () => {
    const { http, written } = exchange('__Host-paigong=x; paigong=mine')
    const cookies = new Cookies('http://localhost:3000')
    cookies.write(http, 'paigong', '', 0)
    expect(written).toEqual(['paigong=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0'])
    expect(cookies.read(http, 'paigong')).toBe('mine')
  })

  it.each(['', 'paigongx=1', 'xpaigong=1', 'paigong', ';', '=paigong'])('%j has none', header =>
    expect(new Cookies('http://localhost').read(exchange(header).http, 'paigong')).toBe(''),
  )
})
