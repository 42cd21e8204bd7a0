// Loaded before what is measured (`node --import`): counts what the process asks a database, and tells what it has used.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
const asked = {}

function count(text) {
  const word = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'OTHER'
  asked[word] = (asked[word] ?? 0) + 1
}

function countOnServer() {
  const { Client } = require('pg')
  const { query } = Client.prototype
  Client.prototype.query = function (...args) {
    const [config] = args
    count(typeof config === 'string' ? config : (config?.text ?? ''))
    return query.apply(this, args)
  }
}

/** What goes to the embedded database are messages of PostgreSQL's protocol: a letter, a length, and what they say. */
async function countEmbedded() {
  // There is one for modules and one for who requires it, as the service does.
  for (const { PGlite } of [await import('@electric-sql/pglite'), require('@electric-sql/pglite')]) countIn(PGlite)
}

function countIn(PGlite) {
  const { execProtocolRawSync } = PGlite.prototype
  const textOf = new Map()
  PGlite.prototype.execProtocolRawSync = function (message, ...rest) {
    const bytes = Buffer.from(message.buffer, message.byteOffset, message.byteLength)
    for (let at = 0; at + 5 <= bytes.length; at += 1 + bytes.readUInt32BE(at + 1)) {
      const [first = '', second = ''] = bytes
        .subarray(at + 5, at + 1 + bytes.readUInt32BE(at + 1))
        .toString()
        .split('\0')
      const letter = String.fromCharCode(bytes[at])
      if (letter === 'P') textOf.set(first, second)
      if (letter === 'B') count(textOf.get(second) ?? '')
      if (letter === 'Q') count(first)
    }
    return execProtocolRawSync.call(this, message, ...rest)
  }
}

if (process.env.BENCH_COUNTS === 'server') countOnServer()
if (process.env.BENCH_COUNTS === 'embedded') await countEmbedded()

if (process.send) {
  process.on('message', () => {
    const { user, system } = process.cpuUsage()
    process.send({ cpuMs: (user + system) / 1_000, rssMB: process.resourceUsage().maxRSS / 1_024, asked })
  })
  // Whoever measures is gone.
  process.on('disconnect', () => process.exit(1))
}
