import { describe, expect, it } from 'vitest'
import { routes } from '../../src/http/api.ts'
import { eachStory } from '../support/shop.ts'
import type { World } from '../support/world.ts'
import { at, type Directive, filesBelow, manifest, nginx, text } from './files.ts'

/** Whether a proxy lets a path through, and how far it keeps answers back. */
interface Front {
  name: string
  passes(path: string): boolean
  /** Paths and beginnings of paths it lets through. */
  named: readonly string[]
}

const server = nginx(text('deploy/nginx/paigong.conf')).find(
  ({ words, block }) => words[0] === 'server' && block?.some(({ words }) => words.join(' ') === 'listen 443 ssl http2'),
)
const locations = (server?.block ?? []).filter(({ words }) => words[0] === 'location')
const proxied = ({ block }: Directive) => block?.some(({ words }) => words[0] === 'proxy_pass') ?? false
const said = (block: readonly Directive[], name: string) => block.find(({ words }) => words[0] === name)?.words.slice(1)

/** The place an exact location names, else the longest beginning. */
function located(path: string): Directive {
  const exact = locations.find(({ words }) => words[1] === '=' && words[2] === path)
  const [longest] = locations
    .filter(({ words }) => words[1] !== '=' && path.startsWith(words[1] ?? ' '))
    .sort((a, b) => (b.words[1]?.length ?? 0) - (a.words[1]?.length ?? 0))
  return exact ?? longest ?? expect.fail(`no location for ${path}`)
}

const caddy = text('deploy/caddy/Caddyfile')
const matcher = (name: string) => (new RegExp(`^\\s*@${name} path (.+)$`, 'm').exec(caddy)?.[1] ?? '').split(' ')
const caddyHas = (names: readonly string[], path: string) =>
  names.some(one => (one.endsWith('/*') ? path.startsWith(one.slice(0, -1)) : one === path))

const paths = at(manifest('Ingress').spec, 'rules', 0, 'http', 'paths') as Array<{ path: string; pathType: string }>

const fronts: Front[] = [
  {
    name: 'nginx',
    passes: path => proxied(located(path)),
    named: locations.filter(proxied).map(({ words }) => words.at(-1) ?? ''),
  },
  {
    name: 'Caddy',
    passes: path => !caddyHas(matcher('inside'), path) && caddyHas(matcher('public'), path),
    named: matcher('public').map(one => one.replace('*', '')),
  },
  {
    name: 'Ingress',
    passes: path =>
      paths.some(one => path === one.path || (one.pathType === 'Prefix' && path.startsWith(`${one.path}/`))),
    named: paths.map(({ path }) => path),
  },
]

/** Something that is below a beginning. */
const examples: Readonly<Record<string, string>> = {
  '/login/': '/login/wecom',
  '/logout/': '/logout/everywhere',
  '/console/': '/console/api/changes',
  '/m/': '/m/api/session',
  '/r/': '/r/x',
  '/r': '/r/x',
  '/p/': '/p/x',
  '/p': '/p/x',
  '/api/v1/': '/api/v1/openapi.json',
  '/api/v1': '/api/v1/openapi.json',
  '/wecom': '/wecom/callback',
  '/dingtalk': '/dingtalk/robot',
}

/** What a router is told in the sources, with something in the place of its parameters. */
const routed = filesBelow('src')
  .filter(path => path.endsWith('.ts') && !path.startsWith('src/generated'))
  .flatMap(path => [...text(path).matchAll(/router\.(?:get|post)\([^'\n]*'([^']+)'/g)])
  .map(([, path = '']) => path.replaceAll(/:\w+/g, 'wecom'))
const doors = [
  '/wecom/callback',
  '/wecom/bot',
  '/dingtalk/robot',
  '/dingtalk/card',
  '/dingtalk/events',
  '/dingtalk/tap',
]
const inside = ['/health/live', '/health/ready', '/metrics']
const pages = ['/console', '/console/', '/console/api/changes', '/console/assets/x.js', '/m', '/m/', '/m/orders/1001']
const outside = [
  ...routed.filter(path => !inside.includes(path)),
  ...doors,
  ...pages,
  ...['/login/inside/', '/login/inside/assets/x.js', '/logout', '/logout/everywhere'],
  ...routes.map(({ path }) => `/api/v1${path}`).filter(path => path !== '/api/v1/backup'),
]

describe.each(fronts)('$name', ({ passes }) => {
  it('lets through all that platforms, people and programs ask for, and nothing that is for inside', () => {
    expect(outside.length).toBeGreaterThan(60)
    expect(outside.filter(path => !passes(path))).toEqual([])
    const closed = [
      ...inside,
      '/',
      '/sandbox/',
      '/sandbox/api/state',
      '/sandbox/wecom/x',
      '/wecomx',
      '/health',
      '/msomething',
    ]
    expect(closed.filter(passes)).toEqual([])
  })
})

it('a backup is not fetched from outside', () => {
  expect(proxied(located('/api/v1/backup'))).toBe(false)
  expect(fronts[1]?.passes('/api/v1/backup')).toBe(false)
})

it('events reach open pages as they happen', () => {
  expect(said(located('/console/api/changes').block ?? [], 'proxy_buffering')).toEqual(['off'])
  expect(caddy).toMatch(/^\s*flush_interval -1$/m)
  expect(manifest('Ingress').metadata.annotations).toMatchObject({
    'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
  })
})

it('what may be sent gets through', () => {
  const largest = Math.max(...routes.map(({ body }) => (body && 'maxBytes' in body ? body.maxBytes : 0)))
  expect(largest).toBeGreaterThan(1024 * 1024)
  const mega = (words: string | undefined) => Number(/^(\d+)(?:m|MB)$/.exec(words ?? '')?.[1]) * 1024 * 1024
  expect(mega(said(server?.block ?? [], 'client_max_body_size')?.[0])).toBeGreaterThan(largest)
  expect(mega(/max_size (\S+)/.exec(caddy)?.[1])).toBeGreaterThan(largest)
  const annotation = manifest('Ingress').metadata.annotations?.['nginx.ingress.kubernetes.io/proxy-body-size']
  expect(mega(annotation)).toBeGreaterThan(largest)
})

describe('the service', () => {
  const dingtalk = eachStory({ on: 'dingtalk-http', empty: true })
  const wecom = eachStory({
    ...{ on: 'wecom', bot: false, empty: true },
    configure({ wecom }) {
      const { tokens = [], aesKeys = [] } = wecom?.callback ?? {}
      return wecom ? { wecom: { ...wecom, bot: { mode: 'callback', tokens, aesKeys, names: ['派工助手'] } } } : {}
    },
  })

  it('has all that is let through', async () => {
    const wanted = [...new Set(fronts.flatMap(({ named }) => named))].map(path => examples[path] ?? path)
    expect(wanted.length).toBeGreaterThan(15)
    const missing = await Promise.all(wanted.map(async path => ((await there(path)) ? [] : [path])))
    expect(missing.flat()).toEqual([])
    expect(await there('/nowhere')).toBe(false)
  })

  /** Whether one of the two platforms' services has something there. */
  async function there(path: string): Promise<boolean> {
    const asked = [dingtalk.world, wecom.world].flatMap(world => [ask(world, path, 'GET'), ask(world, path, 'POST')])
    return (await Promise.all(asked)).some(Boolean)
  }
})

async function ask({ url }: World, path: string, method: string): Promise<boolean> {
  const answer = await fetch(url + path, { method, redirect: 'manual' })
  return !(await answer.text()).includes(`Nothing is at ${method} ${path}.`)
}
