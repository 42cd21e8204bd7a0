// npm run fuzz -- [--inputs 100000] [--seed N]: asks every route what nobody would ask, and counts what was answered. The
// same as test/attack in the suite, with more inputs.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { failBuild, generate, root } from './build.mjs'

const askers = 5
const { values } = parseArgs({ options: { inputs: { type: 'string', default: '100000' }, seed: { type: 'string' } } })
const each = Math.ceil(Number(values.inputs) / askers)
if (!(each > 0)) {
  console.error('npm run fuzz -- [--inputs 100000] [--seed N]')
  process.exit(2)
}
await generate().catch(failBuild)
const folder = mkdtempSync(join(tmpdir(), 'paigong-fuzz-'))
const report = join(folder, 'report')
const env = {
  ...process.env,
  FUZZ_INPUTS: String(each),
  FUZZ_REPORT: report,
  ...(values.seed && { FUZZ_SEED: values.seed }),
}
const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts', 'test/attack/fuzz.test.ts']
const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'] })
child.on('close', code => {
  if (existsSync(report)) console.log(`\n${readFileSync(report, 'utf8')}`)
  rmSync(folder, { recursive: true })
  process.exitCode = code ?? 1
})
