// npm run backup, npm run restore, npm run move: builds their tool when it is older than its sources, and runs it.
import { buildDataTool, failBuild } from './build.mjs'

await buildDataTool(() => {}).catch(failBuild)
process.setSourceMapsEnabled(true)
await import(new URL('../dist/data/main.js', import.meta.url).href)
