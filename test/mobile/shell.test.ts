import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContext, runInContext } from 'node:vm'
import Koa from 'koa'
import { expect, it } from 'vitest'
import { pagesAt } from '../../src/console/routes.ts'
import type { Guard } from '../../src/login/guard.ts'
import { WebFiles } from '../../src/webfiles.ts'

const origin = 'http://paigong.test'
const script = readFileSync('src/web/m/sw.js', 'utf8')

/** Caches of a browser, which outlive a worker. */
class Caches {
  readonly all = new Map<string, Map<string, Response>>()
  async open(name: string) {
    const kept = this.all.get(name) ?? new Map<string, Response>()
    this.all.set(name, kept)
    const urlOf = (what: string | { url: string }) => new URL(typeof what === 'string' ? what : what.url, origin).href
    return {
      put: async (what: string, answer: Response) => void kept.set(urlOf(what), answer),
      match: async (what: string | { url: string }) => kept.get(urlOf(what))?.clone(),
      addAll: async (paths: string[]) => {
        for (const path of paths) kept.set(urlOf(path), await this.fetch(path))
      },
    }
  }
  keys = async () => [...this.all.keys()]
  delete = async (name: string) => this.all.delete(name)
  async match(request: { url: string }) {
    for (const name of this.all.keys()) {
      const found = await (await this.open(name)).match(request)
      if (found) return found
    }
    return undefined
  }
  fetch: (path: string | { url: string }, init?: RequestInit) => Promise<Response> = async () => {
    throw new TypeError('no network')
  }
}

/** The worker of a build in a browser, with what the network answers. */
function worker(caches: Caches, version: string, files: string[]) {
  const heard = new Map<string, (event: object) => void>()
  const self = {
    location: { origin },
    clients: { claim: async () => undefined },
    addEventListener: (name: string, hear: (event: object) => void) => heard.set(name, hear),
  }
  const fetch = (what: string | { url: string }, init?: RequestInit) => caches.fetch(what, init)
  const context = createContext({ self, caches, fetch, URL, Promise, setTimeout, Error })
  runInContext(`const shell = ${JSON.stringify({ version, files })}\n${script}`, context)
  const lives = async (name: 'install' | 'activate') => {
    let done: Promise<unknown> = Promise.resolve()
    heard.get(name)?.({
      waitUntil: (work: Promise<unknown>) => {
        done = work
      },
    })
    await done
  }
  /** Null: the worker leaves it to the browser. */
  const asks = async (path: string, mode = 'cors', method = 'GET'): Promise<string | null> => {
    let answer: Promise<Response> | null = null
    const respondWith = (given: Promise<Response>) => {
      answer = given
    }
    heard.get('fetch')?.({ request: { url: new URL(path, origin).href, mode, method }, respondWith })
    return answer === null ? null : (await (answer as Promise<Response>)).text()
  }
  return { install: () => lives('install'), activate: () => lives('activate'), asks }
}

const online = (build: string) => async (what: string | { url: string }) =>
  new Response(`${build} ${new URL(typeof what === 'string' ? what : what.url, origin).pathname}`)
const offline = async () => {
  throw new TypeError('no network')
}

it('without a network the page and its files come out of the phone; answers of the service never do', async () => {
  const caches = new Caches()
  const one = worker(caches, 'one', ['assets/a-11111111.js'])
  caches.fetch = online('one')
  await one.install()
  await one.activate()
  expect(await one.asks('/m/orders/1001', 'navigate')).toBe('one /m/orders/1001')
  caches.fetch = offline
  expect(await one.asks('/m/orders/1001', 'navigate')).toBe('one /m/')
  // Twice: what is kept is not used up.
  expect(await one.asks('/m/', 'navigate')).toBe('one /m/')
  expect(await one.asks('/m/assets/a-11111111.js')).toBe('one /m/assets/a-11111111.js')
  for (const [path, mode, method] of [
    ['/m/api/orders', 'cors', 'GET'],
    ['/m/api/orders/1001/photos/x', 'navigate', 'GET'],
    ['/session', 'cors', 'GET'],
    ['/m/api/orders/1001/steps', 'cors', 'POST'],
    ['/console/', 'navigate', 'GET'],
  ] as const)
    expect(await one.asks(path, mode, method)).toBeNull()
  const kept = [...(caches.all.get('paigong.shell.one')?.keys() ?? [])]
  expect(kept).toEqual([`${origin}/m/`, `${origin}/m/assets/a-11111111.js`])
})

it('a service that is down is as good as no network', async () => {
  const caches = new Caches()
  const one = worker(caches, 'one', [])
  caches.fetch = online('one')
  await one.install()
  caches.fetch = async () => new Response('bad gateway', { status: 502 })
  expect(await one.asks('/m/', 'navigate')).toBe('one /m/')
})

it('the page to sign in is not kept for the page', async () => {
  const caches = new Caches()
  const one = worker(caches, 'one', [])
  const asked: unknown[] = []
  caches.fetch = async (_, init) => {
    asked.push(init?.redirect)
    return new Response('sign in', { status: 401 })
  }
  await expect(one.install()).rejects.toThrow('401')
  expect(asked).toEqual(['error'])
  expect(await one.asks('/m/', 'navigate')).toBe('sign in')
})

it('a new build leaves the files of the open page alone, and clears them away when it takes over', async () => {
  const caches = new Caches()
  const one = worker(caches, 'one', ['assets/a-11111111.js'])
  caches.fetch = online('one')
  await one.install()
  const two = worker(caches, 'two', ['assets/b-22222222.js'])
  caches.fetch = online('two')
  await two.install()
  expect(script).not.toContain('skipWaiting()')
  // Still the old worker: its page can fetch what it has not yet, and a page opened now is the new one, whole.
  expect(await one.asks('/m/assets/a-11111111.js')).toBe('one /m/assets/a-11111111.js')
  expect(await one.asks('/m/', 'navigate')).toBe('two /m/')
  caches.fetch = offline
  expect(await one.asks('/m/assets/b-22222222.js')).toBe('two /m/assets/b-22222222.js')
  expect(await one.asks('/m/', 'navigate')).toBe('one /m/')
  await two.activate()
  expect([...caches.all.keys()]).toEqual(['paigong.shell.two'])
  expect(await two.asks('/m/', 'navigate')).toBe('two /m/')
})

it('the worker is served to everybody and asked for anew each time; the page is not', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'paigong-shell-'))
  await writeFile(join(dir, 'index.html'), '<!doctype html>')
  await writeFile(join(dir, 'sw.js'), 'self')
  const needViewer = async (http: Koa.Context) => {
    http.status = 401
  }
  const guard = { needViewer } as unknown as Guard
  const koa = new Koa()
  koa.use(pagesAt('/m', guard, new WebFiles('/m', dir)))
  const server = createServer(koa.callback())
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  try {
    const { port } = server.address() as AddressInfo
    const worker = await fetch(`http://127.0.0.1:${port}/m/sw.js`)
    expect([worker.status, worker.headers.get('content-type'), worker.headers.get('cache-control')]).toEqual([
      ...[200, 'text/javascript; charset=utf-8', 'no-cache'],
    ])
    // What it may fetch is its own policy's: this service.
    expect(worker.headers.get('content-security-policy')).toMatch(
      /default-src 'self'; script-src 'self'.*connect-src 'self'/,
    )
    expect((await fetch(`http://127.0.0.1:${port}/m/`)).status).toBe(401)
  } finally {
    await new Promise(done => server.close(done))
    await rm(dir, { recursive: true })
  }
})
