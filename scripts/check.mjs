// Static checks: `node scripts/check.mjs [types] [lint] [laws]`, all of them when none is named.
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { failBuild, generate, runNode } from './build.mjs'

const programs = {
  // Reads the .ts files as tsc does, and the .vue files besides.
  types: ['node_modules/vue-tsc/bin/vue-tsc.js', '--noEmit', '-p', '.'],
  lint: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  laws: ['node_modules/dependency-cruiser/bin/dependency-cruise.mjs', 'src', '--config', '.dependency-cruiser.cjs'],
}

/** Runs the named checks side by side and prints a line for each; resolves to how many passed and failed. */
export async function runChecks(names = Object.keys(programs)) {
  await generate().catch(failBuild)
  const outcomes = await Promise.all(names.map(runCheck))
  return { passed: outcomes.filter(Boolean).length, failed: outcomes.filter(ok => !ok).length }
}

async function runCheck(name) {
  const start = performance.now()
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1)
  try {
    await runNode(programs[name])
    console.log(`✓ ${name} (${seconds()} s)`)
    return true
  } catch (error) {
    console.log(`✗ ${name} (${seconds()} s)\n${(error.output ?? error.message).trim()}\n`)
    return false
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const names = process.argv.slice(2)
  const unknown = names.find(name => !(name in programs))
  if (unknown) throw new Error(`No such check: ${unknown}. There are ${Object.keys(programs).join(', ')}.`)
  const { failed } = await runChecks(names.length > 0 ? names : undefined)
  process.exitCode = failed > 0 ? 1 : 0
}
