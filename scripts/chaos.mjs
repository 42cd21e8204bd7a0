// npm run chaos: builds the service and the fault runner when they are older than their sources, and runs it. `-- --help` says
// what it takes.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { build, buildChaos, failBuild } from './build.mjs'

await build(() => {}).catch(failBuild)
await buildChaos(() => {}).catch(failBuild)
const main = fileURLToPath(new URL('../dist/chaos/main.js', import.meta.url))
const child = spawn(process.execPath, ['--enable-source-maps', main, ...process.argv.slice(2)], { stdio: 'inherit' })
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
child.on('close', code => {
  process.exitCode = code ?? 1
})
