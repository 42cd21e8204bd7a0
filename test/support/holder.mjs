// Locks the folder named by its argument, says so, and holds it until it is killed.
import { runnerImport } from 'vite'

const { module } = await runnerImport(new URL('../../src/db/lock.ts', import.meta.url).pathname, { configFile: false })
await module.lockFolder(process.argv[2])
process.stdout.write('held\n')
setInterval(() => {}, 60_000)
