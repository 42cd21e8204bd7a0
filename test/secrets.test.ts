import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { projectRoot } from '../src/root.ts'

/** What is in the repository is read by everybody: no credential, and nobody's real number. */

const roots = ['src', 'test', 'docs', 'deploy', 'scripts', 'bench', 'prisma', '.ci']
const texts =
  /\.(ts|vue|js|mjs|md|ya?ml|json|sql|prisma|conf|service|html|css|sh|example)$|^(run|Dockerfile|Caddyfile)$/
const top = (name: string) => texts.test(name) || name.startsWith('.env') || name.startsWith('.npm')

function filesIn(folder: string): string[] {
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (path === join('src', 'generated')) return []
    return entry.isDirectory() ? filesIn(path) : texts.test(entry.name) ? [path] : []
  })
}

const files = [
  ...readdirSync(projectRoot).filter(name => top(name) && name !== 'package-lock.json' && name !== '.env'),
  ...roots.flatMap(filesIn),
].filter(path => statSync(join(projectRoot, path)).isFile())

/** What credentials look like, by whose they are. */
const shapes: Record<string, RegExp> = {
  'a private key': /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/g,
  'a cloud key': /\b(?:AKIA|LTAI|AKID)[A-Za-z0-9]{12,}\b/g,
  'a token of a code host': /\b(?:ghp|gho|glpat|npm)_[A-Za-z0-9]{20,}\b/g,
  'a WeCom corp id': /\bww[0-9a-f]{16}\b/g,
  'a DingTalk app key or secret of a robot': /\b(?:ding[a-z0-9]{16,}|SEC[0-9a-f]{64})\b/g,
}
/** Made up, or printed by the vendor as an example. */
const madeUp = /0123456789|0{8}|f{16}|dingsnotzck6|^-{5}BEGIN PRIVATE/
/** The one certificate of the tests, for localhost. */
const testKey = 'test/support/selfsigned.ts'

const found = (pattern: RegExp, allowed: (match: string, path: string) => boolean) =>
  files.flatMap(path =>
    [...readFileSync(join(projectRoot, path), 'utf8').matchAll(pattern)]
      .filter(([match]) => !allowed(match, path))
      .map(([match]) => `${path}: ${match.slice(0, 12)}…`),
  )

it('looks at everything that is written', () => {
  expect(files.length).toBeGreaterThan(1_000)
  expect(files).toEqual(expect.arrayContaining(['README.md', '.env.example', 'src/app.ts', 'test/secrets.test.ts']))
})

it.each(Object.entries(shapes))('no file holds %s', (_, pattern) => {
  const allowed = (match: string, path: string) => madeUp.test(match) && (!match.startsWith('--') || path === testKey)
  expect(found(pattern, allowed)).toEqual([])
})

it('every number is one nobody has', () => {
  expect(found(/(?<![\d.a-fA-F-])1[3-9]\d{9}(?![\da-fA-F])/g, match => /^1380000/.test(match))).toEqual([])
})
