// Loaded into the service before anything else (`node --import`): its clock is ahead by the milliseconds in the file that
// CHAOS_CLOCK names, whenever that is written. Timers go on as they are, as they do when a machine's clock is set.
import { readFileSync } from 'node:fs'

const file = process.env.CHAOS_CLOCK
let ahead = 0
const read = () => {
  ahead = Number(readFileSync(file, 'utf8')) || 0
}
read()
setInterval(read, 50).unref()

const real = Date
const now = () => real.now() + ahead
globalThis.Date = new Proxy(real, {
  construct: (target, args, as) => Reflect.construct(target, args.length > 0 ? args : [now()], as),
  apply: () => new real(now()).toString(),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
})
