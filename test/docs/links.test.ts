import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsIn, committed, type Link, linksIn, textOf } from './pages.ts'

/** Every link of every page leads somewhere. Other sites are not asked: a test that needs them would fail with them. */

const files = committed()
const pages = [...files].filter(path => path.endsWith('.md')).sort()

/** Why a link of a page leads nowhere; null: it is good. */
function faultOf(page: string, to: string, there: ReadonlySet<string>, text: (path: string) => string): string | null {
  if (/^[a-z][a-z+.-]*:|^\/\//i.test(to)) return outside(to)
  const [path = '', anchor] = to.split('#')
  const file = path === '' ? page : normalize(join(dirname(page), decodeURIComponent(path)))
  if (file.startsWith('..') || path.startsWith('/')) return 'leads out of the repository'
  if (!there.has(file) && !there.has(`${file}/`)) return 'no such file'
  if (anchor === undefined) return null
  if (!file.endsWith('.md')) return 'an anchor in what is no page'
  return anchorsIn(text(file)).has(decodeURIComponent(anchor)) ? null : `no heading is #${decodeURIComponent(anchor)}`
}

function outside(to: string): string | null {
  if (!URL.canParse(to)) return 'no address'
  const { protocol, hostname } = new URL(to)
  if (protocol === 'mailto:') return null
  if (protocol !== 'https:') return 'not https'
  return /^(localhost|127\.|0\.0\.0\.0|\[::1?\]|10\.|192\.168\.)/.test(hostname) || !hostname.includes('.')
    ? 'leads to this machine'
    : null
}

const faultsOf = (page: string, links: readonly Link[]) =>
  links.flatMap(({ to, line }) => {
    const fault = faultOf(page, to, files, textOf)
    return fault ? [`${page}:${line} ${to}: ${fault}`] : []
  })

describe('links', () => {
  it('are looked for in every page there is', () => {
    expect(pages).toEqual(expect.arrayContaining(['README.md', 'README.zh-CN.md', 'SECURITY.md', 'docs/wecom.md']))
    expect(pages.flatMap(page => linksIn(textOf(page))).length).toBeGreaterThan(100)
  })

  it.each(pages)('of %s lead somewhere', page => {
    expect(faultsOf(page, linksIn(textOf(page)))).toEqual([])
  })

  it('the program itself names are to pages and pictures there are', () => {
    const sources = [...files].filter(path =>
      /^(src|scripts|deploy|prisma|\.ci|bench|chaos)\/|^\.env\.example$/.test(path),
    )
    const readable = sources.filter(path =>
      /\.(ts|vue|mjs|ya?ml|json|html|example|prisma|conf|service)$|Caddyfile|run$/.test(path),
    )
    const named = readable.flatMap(path =>
      [...textOf(path).matchAll(/(?<![\w/.-])docs\/[\w./-]+?\.(?:md|png|svg|mjs)(?:#[\p{L}\p{N}_-]+)?/gu)].map(
        ([to]) => ({ path, to }),
      ),
    )
    expect(named.length).toBeGreaterThan(10)
    expect(
      named.flatMap(({ path, to }) => {
        const fault = faultOf('README.md', to, files, textOf)
        return fault ? [`${path}: ${to}: ${fault}`] : []
      }),
    ).toEqual([])
  })
})

describe('what is wrong with a link', () => {
  const there = new Set(['a.md', 'docs/', 'docs/b.md', 'docs/c.png'])
  const text = () => '# 一、从头开始\n\n## `npm run x` — what?\n\n## Same\n\n## Same\n\n<a id="own"></a>\n'
  it.each([
    ['docs/b.md', null],
    ['docs', null],
    ['docs/b.md#一从头开始', null],
    ['docs/b.md#npm-run-x--what', null],
    ['#same-1', null],
    ['#own', null],
    ['https://example.com/x?y#z', null],
    ['mailto:x@example.com', null],
    ['docs/gone.md', 'no such file'],
    ['#same-2', 'no heading is #same-2'],
    ['#从头开始', 'no heading is #从头开始'],
    ['docs/c.png#x', 'an anchor in what is no page'],
    ['../other/x.md', 'leads out of the repository'],
    ['/docs/b.md', 'leads out of the repository'],
    ['http://example.com/', 'not https'],
    ['javascript:alert(1)', 'not https'],
    ['https://localhost:3000/', 'leads to this machine'],
    ['https://127.0.0.1/', 'leads to this machine'],
    ['https://inside/', 'leads to this machine'],
  ])('%s', (to, fault) => expect(faultOf('a.md', to, there, text)).toBe(fault))

  it('is seen wherever it is written, and not in code', () => {
    const page =
      '[a](1.md) ![b](2.png)\n\n| [c](3.md) |\n| --- |\n\n<img src="4.png">\n\n[d][e]\n\n`[x](no.md)`\n\n```\n[y](no.md)\n```\n\n[e]: 5.md\n'
    expect(
      linksIn(page)
        .map(({ to }) => to)
        .sort(),
    ).toEqual(['1.md', '2.png', '3.md', '4.png', '5.md'])
  })
})
