// npm run policy -- check|explain FILE: builds the policy tool when it is older than its sources, and runs it.
import { buildPolicyTool, failBuild } from './build.mjs'

await buildPolicyTool(() => {}).catch(failBuild)
await import(new URL('../dist/policy/main.js', import.meta.url).href)
