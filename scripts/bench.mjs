// npm run bench: builds the benchmark and the service it measures when they are older than their sources, and runs it. `-- --help` says what it takes.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build, buildBench, failBuild } from './build.mjs'

await buildBench(() => {})
  .then(() => build(() => {}))
  .catch(failBuild)
// What Node gives itself where there are 512 MB: on a large machine it takes what it can get, and memory says nothing.
const small = '--max-old-space-size=256'
const main = fileURLToPath(new URL('../dist/bench/main.js', import.meta.url))
const child = spawn(process.execPath, [small, main, ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('close', code => {
  process.exitCode = code ?? 1
})
