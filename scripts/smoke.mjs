// Plays one dispatch through a running service in sandbox mode, as a program and a technician's phone see it.
// BASE_URL (default http://127.0.0.1:3000) and API_TOKEN say where. The last line is `N passed, N failed`.
import assert from 'node:assert/strict'

const base = process.env.BASE_URL ?? 'http://127.0.0.1:3000'
const patience = 15_000

async function call(method, path, body) {
  const response = await fetch(base + path, {
    method,
    headers: { authorization: `Bearer ${process.env.API_TOKEN ?? ''}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`)
  return JSON.parse(text)
}

/** Asks again until `look` finds something. */
async function eventually(what, look) {
  const end = performance.now() + patience
  for (;;) {
    const found = await look()
    if (found) return found
    if (performance.now() > end) throw new Error(`${what}: not seen within ${patience / 1000} s`)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

const phone = '13800008888'
const story = { team: '冒烟班', person: '张三', userId: 'zhangsan' }
const other = { person: '李四', userId: 'lisi', dingtalkId: 'Dd7003li' }
const order = {
  team: story.team,
  kind: 'repair',
  urgent: false,
  customer: { name: '示例客户', phone, address: '示例路 1 号 2 栋 301', zone: '城区', distanceKm: 5 },
  product: { brand: '示例牌', model: 'KFR-35', serial: 'SN0001' },
  fault: '空调不制冷',
  warranty: 'in',
  externalId: `smoke-${process.pid}`,
}
let code = ''
let message
let accept

const steps = {
  'the service is ready': async () => {
    const response = await fetch(`${base}/health/ready`)
    assert.equal(response.status, 200)
  },
  'the page is served': async () => {
    const response = await fetch(`${base}/sandbox/`)
    assert.equal(response.status, 200)
    assert.match(await response.text(), /<script/)
  },
  'a stranger is refused': async () => {
    const response = await fetch(`${base}/api/v1/teams`, { headers: { authorization: 'Bearer wrong' } })
    assert.equal(response.status, 401)
  },
  'a team is entered': async () => {
    const team = await call('POST', '/api/v1/teams', { name: story.team })
    assert.equal(team.name, story.team)
  },
  'a technician is entered': async () => {
    const person = await call('POST', '/api/v1/people', {
      ...{ name: story.person, team: story.team, roles: ['technician'] },
      wecom: { userId: story.userId },
    })
    assert.equal(person.name, story.person)
  },
  'an order is opened': async () => {
    const made = await call('POST', '/api/v1/orders', order)
    code = made.code
    assert.equal(made.state, 'new')
  },
  'it is dispatched': async () => {
    await call('POST', `/api/v1/orders/${code}/assign`, { person: story.person })
    const now = await call('GET', `/api/v1/orders/${code}`)
    assert.equal(now.state, 'dispatched')
    assert.ok(
      now.clocks.some(clock => clock.dueAt),
      'no clock runs',
    )
    assert.ok(now.timeline.length >= 2, 'the timeline is too short')
  },
  'the technician sees the card': async () => {
    message = await eventually('the card', async () => {
      const { chats, messages } = await call('GET', '/sandbox/api/state')
      const own = new Set(chats.filter(chat => chat.members.includes(story.userId)).map(chat => chat.id))
      return messages.find(
        ({ chat, body }) =>
          own.has(chat) && body.kind === 'card' && JSON.stringify(body.card).includes(code) && buttonOf(body, '接单'),
      )
    })
    accept = buttonOf(message.body, '接单')
    assert.ok(JSON.stringify(message.body.card).includes(phone.slice(-4)), 'the card lacks the customer')
  },
  'his tap on 接单 is answered': async () => {
    const { status } = await call('POST', '/sandbox/api/tap', {
      ...{ as: story.userId, message: message.id, key: accept.key },
    })
    assert.notEqual(status, 'failed')
  },
  'the order is accepted': async () => {
    await eventually('state accepted', async () => {
      const now = await call('GET', `/api/v1/orders/${code}`)
      return now.state === 'accepted'
    })
  },
}

/** The same on DingTalk: 李四 takes up the other app, and an order of his is taken there. */
Object.assign(steps, {
  'a technician changes to DingTalk': async () => {
    await call('POST', '/api/v1/people', {
      ...{ name: other.person, team: story.team, roles: ['technician'] },
      dingtalk: { userId: other.dingtalkId },
    })
    await call('POST', '/sandbox/api/switch', { as: other.userId, platform: 'dingtalk' })
  },
  'his card comes there, and his tap is recorded': async () => {
    const made = await call('POST', '/api/v1/orders', {
      ...order,
      externalId: `smoke-d-${process.pid}`,
      assign: other.person,
    })
    const found = await eventually('the DingTalk card', async () => {
      const { messages } = await call('GET', '/sandbox/api/state')
      return messages.find(({ chat, body }) => chat === `ding:${other.userId}` && body.card?.title?.includes(made.code))
    })
    const button = found.body.card.buttons.find(({ text, request }) => text === '接单' && request)
    const { status } = await call('POST', '/sandbox/api/tap', { as: other.userId, message: found.id, key: button.id })
    assert.equal(status, 'answered')
    await eventually(
      'state accepted',
      async () => (await call('GET', `/api/v1/orders/${made.code}`)).state === 'accepted',
    )
  },
})

function buttonOf({ card }, text) {
  return card.buttons.find(button => button.text.includes(text) && button.key)
}

let passed = 0
let failed = 0
for (const [name, step] of Object.entries(steps)) {
  try {
    await step()
    passed++
    console.log(`✓ ${name}`)
  } catch (error) {
    failed++
    console.log(`✗ ${name}: ${error.message}`)
    break
  }
}
process.exitCode = failed > 0 ? 1 : 0
console.log(`${passed} passed, ${failed} failed`)
