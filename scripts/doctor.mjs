// npm run doctor: builds the doctor when it is older than its sources, and runs it.
import { buildDoctor } from './build.mjs'

try {
  await buildDoctor(() => {})
} catch (error) {
  console.error(error.output?.trim() ?? '')
  console.error(error.message)
  process.exit(2)
}
await import(new URL('../dist/doctor/main.js', import.meta.url).href)
