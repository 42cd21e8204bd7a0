// An ERP that sends its orders to Paigong, hears how they go, and pays the month. Node 20 or later, nothing to install.
//
//   export PAIGONG=https://paigong.example.com/api/v1 TOKEN=paigong_…     scopes orders:*, months:read, webhooks:*
//   node erp.mjs hook https://erp.example.com/hooks     once: events go there from now on; prints WEBHOOK_SECRET
//   WEBHOOK_SECRET=whsec_… PORT=8080 node erp.mjs listen
//   node erp.mjs push order.json                        {"number", "depot", "problem", "buyer", "phone", "address"}
//   node erp.mjs pay 一班 2026-10

import { createHmac, timingSafeEqual } from 'node:crypto'
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'

const { PAIGONG = 'http://localhost:3000/api/v1', TOKEN, WEBHOOK_SECRET = '', PORT = '8080' } = process.env
/** Ids of messages that were dealt with. Yours is a table of your database. */
const { SEEN = 'erp-seen.txt' } = process.env

/** Asks Paigong, and again where no answer came, on 429 and on 5xx: with the same key nothing is done twice. */
async function ask(method, path, { body, key } = {}) {
  for (let attempt = 1; ; attempt++) {
    const answer = await fetch(PAIGONG + path, {
      method,
      headers: {
        Authorization: `Bearer ${TOKEN}`,
        ...(body && { 'Content-Type': 'application/json' }),
        ...(key && { 'Idempotency-Key': key }),
      },
      ...(body && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    }).catch(error => ({
      status: 503,
      ok: false,
      headers: new Headers(),
      json: async () => ({ detail: error.message }),
    }))
    const told = await answer.json()
    if (answer.ok) return told
    if ((answer.status !== 429 && answer.status < 500) || attempt === 5)
      throw Object.assign(new Error(`${method} ${path}: ${answer.status} ${told.detail}`), { status: answer.status })
    await pause(1000 * Number(answer.headers.get('Retry-After') ?? 2 ** attempt))
  }
}

/** An order of the ERP becomes one of Paigong: `externalId` is the number it has here. */
async function push(file) {
  const { number, depot, problem, buyer, phone, address } = JSON.parse(readFileSync(file, 'utf8'))
  const body = { team: depot, fault: problem, externalId: number, customer: { name: buyer, phone, address } }
  try {
    const { code, state } = await ask('POST', '/orders', { body, key: `order-${number}` })
    console.log(`${number} is ${code} there, ${state}`)
  } catch (error) {
    // Pushed before, longer ago than keys are remembered.
    if (error.status !== 409) throw error
    console.log(`${number} is known there`)
  }
}

async function hook(url) {
  const body = { url, events: ['order.*', 'month.published', 'month.locked'], description: 'ERP' }
  const { secret } = await ask('POST', '/webhooks', { body, key: `hook-${url}` })
  console.log(`WEBHOOK_SECRET=${secret}`)
}

/** What the team's month comes to, person by person. */
async function pay(team, month) {
  let after = ''
  do {
    const path = `/payslips?team=${encodeURIComponent(team)}&month=${month}&limit=100${after}`
    const { state, items, next } = await ask('GET', path)
    for (const { person, net } of items) console.log(`${month} ${person.name} ${net} (${state})`)
    after = next && `&after=${next}`
  } while (after)
}

/** Whether Paigong sent it, just now. `raw`: the bytes as they came, since JSON written anew is not what was signed. */
function isGenuine({ 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures }, raw) {
  const seconds = /^\d+$/.test(timestamp ?? '') ? Number(timestamp) : 0
  if (!id || !signatures || Math.abs(Date.now() / 1000 - seconds) > 300) return false
  const key = Buffer.from(WEBHOOK_SECRET.replace('whsec_', ''), 'base64')
  const right = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(raw).digest()
  // While a secret is being changed there are two.
  return signatures.split(' ').some(one => {
    const [version, text = ''] = one.split(',')
    const given = Buffer.from(text, 'base64')
    return version === 'v1' && given.length === right.length && timingSafeEqual(given, right)
  })
}

/** Types that are new are nothing to stumble over. */
async function handle({ type, data }) {
  if (type.startsWith('order.')) {
    const { externalId, code, state, assignee, outcome } = data.order
    const told = [assignee?.name, outcome?.result, outcome?.charge && `¥${outcome.charge}`].filter(Boolean)
    console.log(`${externalId ?? code} ${type}: ${[state, ...told].join(', ')}`)
  }
  if (type === 'month.published' || type === 'month.locked') await pay(data.settlement.team.name, data.settlement.month)
}

function listen() {
  if (!WEBHOOK_SECRET) throw new Error('Set WEBHOOK_SECRET: without it anybody could send messages here.')
  const seen = new Set(existsSync(SEEN) ? readFileSync(SEEN, 'utf8').split('\n') : [])
  const server = createServer(async (request, response) => {
    try {
      const chunks = []
      for await (const chunk of request) chunks.push(chunk)
      const raw = Buffer.concat(chunks)
      if (!isGenuine(request.headers, raw)) return response.writeHead(401).end()
      const id = request.headers['webhook-id']
      // It may come twice: where the answer to the first one got lost.
      if (!seen.has(id)) {
        await handle(JSON.parse(raw))
        appendFileSync(SEEN, `${id}\n`)
        seen.add(id)
      }
      response.writeHead(204).end()
    } catch (error) {
      // Anything but 2xx: it comes again later.
      console.error(error.message)
      response.writeHead(500).end()
    }
  })
  server.listen(Number(PORT), () => console.log(`listening on ${server.address().port}`))
}

const [command, ...given] = process.argv.slice(2)
const run = { hook, listen, push, pay }[command]
if (!run) throw new Error('Say one of hook, listen, push, pay.')
await run(...given)
