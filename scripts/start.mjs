// Builds what changed and runs the service in this very process, so that it gets the signals itself.
import { createRequire } from 'node:module'

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Node ${process.versions.node} is too old: this needs 20.19 or later.`)
  process.exit(1)
}

const { build, failBuild } = await import('./build.mjs')
await build().catch(failBuild)
process.setSourceMapsEnabled(true)
createRequire(import.meta.url)('../dist/server/main.js')
