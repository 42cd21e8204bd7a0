// npm run bench: builds the benchmark when it is older than its sources, and runs it. `-- --help` says what it takes.
import { buildBench, failBuild } from './build.mjs'

await buildBench(() => {}).catch(failBuild)
await import(new URL('../dist/bench/main.js', import.meta.url).href)
