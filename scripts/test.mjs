// `npm test`: static checks, then every test on the embedded database. `npm run test:pg`: every test that uses a database,
// on PostgreSQL; those that use none would only be the same again. `npm run test:browser`: stories in a real browser.
// Arguments after `--` go to vitest. The last line is `N passed, N failed`, where a failed static check counts as one.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build, failBuild, generate, root } from './build.mjs'
import { runChecks } from './check.mjs'
import { databaseTests } from './testfiles.mjs'

/** A test that keeps the worker from ending would hold everybody up: then the run ends, and fails. */
const limitMs = 22 * 60_000

function runVitest(args, env, report) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile=${report}`]
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...args], {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
    const limit = setTimeout(() => {
      console.log(
        `The tests did not end within ${limitMs / 60_000} minutes; a file without a ✓ above is the one that hangs.`,
      )
      child.kill('SIGKILL')
    }, limitMs)
    child.on('error', fail)
    child.on('close', code => {
      clearTimeout(limit)
      done(code ?? 1)
    })
  })
}

/** Counts from vitest's report. A file that could not be read has no tests, and an error outside tests no name. */
function counts(report, code) {
  let result
  try {
    result = JSON.parse(readFileSync(report, 'utf8'))
  } catch {
    return { passed: 0, failed: 1, skipped: 0 }
  }
  const { numPassedTests: passed, numFailedTests, numPendingTests, numTodoTests, testResults } = result
  const broken = testResults.filter(file => file.status === 'failed' && file.assertionResults.length === 0).length
  const failed = numFailedTests + broken
  return { passed, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: numPendingTests + numTodoTests }
}

const postgres = process.argv.includes('--postgres')
const browser = process.argv.includes('--browser')
const given = process.argv.slice(2).filter(arg => arg !== '--postgres' && arg !== '--browser')
const args = browser
  ? ['--config', 'test/vitest.browser.config.ts', ...given]
  : postgres && given.length === 0
    ? databaseTests(root)
    : given
await (browser ? build() : generate()).catch(failBuild)

const folder = mkdtempSync(join(tmpdir(), 'paigong-test-'))
const report = join(folder, 'report.json')
// Side by side: reading types keeps one core busy only.
const [checks, code] = await Promise.all([
  postgres || browser ? { passed: 0, failed: 0 } : runChecks(['types', 'lint']),
  runVitest(args, { TEST_DB: postgres ? 'postgres' : 'embedded' }, report),
])
const tests = counts(report, code)
rmSync(folder, { recursive: true })

const failed = tests.failed + checks.failed
process.exitCode = failed > 0 ? 1 : 0
console.log(`${tests.passed} passed, ${failed} failed${tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''}`)
