import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { projectRoot } from '../src/root.ts'

interface Cruise {
  modules: unknown[]
  summary: { violations: Array<{ rule: { name: string }; from: string; to: string }> }
}

const config = join(projectRoot, '.dependency-cruiser.cjs')
const laws: { forbidden: Array<{ name: string }> } = createRequire(import.meta.url)(config)

function cruise(folder: string): Promise<Cruise> {
  const program = join(projectRoot, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs')
  const args = [program, 'src', '--config', config, '--output-type', 'json']
  return new Promise((resolve, reject) => {
    // It exits with the number of violations: only output that isn't JSON is a failure.
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 27 }, (error, stdout) => {
      try {
        resolve(JSON.parse(stdout) as Cruise)
      } catch {
        reject(error ?? new Error(stdout))
      }
    })
  })
}

/** One breach of each law: file → what it holds. Named files that are only imported are added empty. */
const breaches: Record<string, Array<[file: string, source: string]>> = {
  'no-cycles': [
    ['src/orders/one.ts', "import type { Two } from './two.ts'\nexport type One = Two"],
    ['src/orders/two.ts', "import type { One } from './one.ts'\nexport type Two = One | 2"],
  ],
  'pure-files-import-pure-files': [['src/orders/order.ts', "import './flow.ts'"]],
  'pure-files-know-no-database': [['src/leave/leave.ts', "import type { Tx } from '../db/tx.ts'\nexport type L = Tx"]],
  'stores-are-prisma-and-nothing-else': [['src/people/store.ts', "import './words.ts'"]],
  'prisma-only-in-stores': [['src/people/flow.ts', "import '../generated/prisma/client.ts'"]],
  'features-know-no-platform': [
    ['src/orders/words.ts', "import type { P } from '../platforms/platform.ts'\nexport type W = P"],
  ],
  'platform-contract-as-types': [['src/engine/deliver.ts', "import '../platforms/platform.ts'"]],
  'platform-folders-are-private': [
    ['src/engine/duties.ts', "import type { C } from '../platforms/wecom/client.ts'\nexport type D = C"],
  ],
  'platforms-know-no-feature': [['src/platforms/wecom/api.ts', "import '../../orders/fact.ts'"]],
  'platforms-know-no-other-platform': [['src/platforms/wecom/bot.ts', "import '../dingtalk/stream.ts'"]],
  'only-the-top-sees-everything': [['src/http/api.ts', "import '../app.ts'"]],
  'sandbox-stays-apart': [['src/http/doors.ts', "import '../sandbox/index.ts'"]],
  'sandbox-knows-no-service': [['src/sandbox/acts.ts', "import '../platforms/wecom/xml.ts'"]],
  'pages-import-wire-types-only': [['src/web/sandbox/api.ts', "import '../../orders/fact.ts'"]],
  'http-clients-in-platforms-only': [['src/engine/call.ts', "import 'undici'"]],
  'nothing-unresolved': [['src/log.ts', "import './nowhere.ts'"]],
}

const others = [
  'src/app.ts',
  'src/chat/card.ts',
  'src/db/tx.ts',
  'src/generated/prisma/client.ts',
  'src/orders/fact.ts',
  'src/platforms/dingtalk/stream.ts',
  'src/platforms/platform.ts',
  'src/platforms/wecom/client.ts',
  'src/platforms/wecom/xml.ts',
  'src/sandbox/index.ts',
  'src/sandbox/wire.ts',
  'node_modules/undici/index.js',
]

describe('the import law', () => {
  let folder = ''
  afterEach(() => rmSync(folder, { recursive: true, force: true }))

  function write(file: string, source: string) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), `${source}\n`)
  }

  it('notices a breach of each law', async () => {
    folder = mkdtempSync(join(tmpdir(), 'paigong-laws-'))
    write('tsconfig.json', '{}')
    write('node_modules/undici/package.json', '{ "name": "undici", "main": "index.js" }')
    for (const file of others) write(file, 'export type P = 1; export type C = 1; export type Tx = 1')
    write('src/orders/flow.ts', "import type { P } from '../chat/card.ts'\nexport type F = P")
    write('src/web/sandbox/live.ts', "import type { P } from '../../sandbox/wire.ts'\nexport type S = P")
    for (const [file, source] of Object.values(breaches).flat()) write(file, source)
    const { summary } = await cruise(folder)
    const broken = new Map(summary.violations.map(({ rule, from }) => [`${rule.name} ${from}`, from]))
    const missed = Object.entries(breaches).filter(
      ([rule, files]) => !files.some(([file]) => broken.has(`${rule} ${file}`)),
    )
    expect(missed.map(([rule]) => rule)).toEqual([])
    expect(Object.keys(breaches).sort()).toEqual(laws.forbidden.map(({ name }) => name).sort())
    const innocent = ['src/orders/flow.ts', 'src/web/sandbox/live.ts', ...others]
    expect(summary.violations.filter(({ from }) => innocent.includes(from))).toEqual([])
  }, 60_000)

  it('is kept by every file', async () => {
    const { modules, summary } = await cruise(projectRoot)
    expect(modules.length).toBeGreaterThan(30)
    expect(summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)).toEqual([])
  }, 60_000)
})

function sources(path: string): string[] {
  if (path.startsWith('src/generated')) return []
  if (!statSync(join(projectRoot, path)).isDirectory()) return /\.(ts|mjs|vue)$/.test(path) ? [path] : []
  return readdirSync(join(projectRoot, path)).flatMap(name => sources(`${path}/${name}`))
}

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8')

/** Lines that ask the machine for the time: `Date.now()`, `new Date` without an argument, and luxon's ways. */
function clockReads(source: string): string[] {
  const reads = /\bDate\.now\b|\bnew Date(\(\s*\)|(?!\s*\()\b)|\bDateTime\.(now|local\(\s*\)|utc\(\s*\))/
  return source.split('\n').filter(line => reads.test(line))
}

describe('the sources', () => {
  it('read the clock in src/now.ts only', () => {
    expect(
      clockReads("x\nDate.now()\nnew Date()\nnew Date( )\nnew Date(0)\nDateTime.now()\nnew Date('1')"),
    ).toHaveLength(4)
    const readers = [...sources('src'), ...sources('bench')].filter(path => clockReads(read(path)).length > 0)
    expect(readers.filter(path => !path.startsWith('src/web/'))).toEqual(['src/now.ts'])
  })

  it('are files of 300 lines at most', () => {
    const files = [...sources('src'), ...sources('bench')]
    expect(files.filter(path => read(path).trimEnd().split('\n').length > 300)).toEqual([])
  })

  it('use one transaction door', () => {
    expect(sources('src').filter(path => /\.\$transaction\b/.test(read(path)))).toEqual([
      'src/db/own.ts',
      'src/db/tx.ts',
    ])
  })

  it('have no switched-off check and nothing left for later', () => {
    const words = [
      /@ts-(ignore|expect-error|nocheck)/,
      /biome-ignore/,
      /\bTO(DO)\b|\bFIX(ME)\b/,
      /\b(it|describe)\.(skip|only|todo)\b/,
    ]
    const files = ['src', 'test', 'bench', 'scripts'].flatMap(sources)
    const self = 'test/architecture.test.ts'
    expect(files.filter(path => path !== self && words.some(word => word.test(read(path))))).toEqual([])
  })
})
