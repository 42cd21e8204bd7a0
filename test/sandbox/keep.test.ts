import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MovableClock } from '../../src/now.ts'
import { jobCard, makeWorld, pngUrl, sending, type World } from './world.ts'

let dir: string
let file: string
let world: World

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sandbox-keep-'))
  file = join(dir, 'deep', 'sandbox.json')
  world = await makeWorld({ dataFile: file, clock: new MovableClock() })
})
afterEach(async () => {
  await world.stop()
  await rm(dir, { recursive: true })
})
const again = async () => {
  await world.stop()
  world = await makeWorld({ dataFile: file, clock: new MovableClock() })
}

it('keeps phones, pictures, codes and credentials over a restart', async () => {
  const { credentials } = world.sandbox
  const job = (userId: string) => sending(credentials.agentId, userId, jobCard(`t-${userId}`))
  const { response_code, msgid } = await world.api('message/send', job('lisi'))
  await world.sandbox.photo({ as: 'lisi', chat: 'app:lisi', image: pngUrl })
  const before = world.sandbox.state()
  await again()
  expect(world.sandbox.credentials).toEqual(credentials)
  expect(world.sandbox.state().messages).toEqual(before.messages)
  expect(world.sandbox.state().chats).toEqual(before.chats)
  const picture = before.messages[1]?.body
  expect((await fetch(`${world.base}${picture?.kind === 'image' ? picture.url : ''}`)).status).toBe(200)
  expect(await world.api('message/send', job('lisi'))).toMatchObject({ errcode: 40058 })
  const update = { agentid: credentials.agentId, atall: 1, button: { replace_name: '已改派' }, response_code }
  expect(await world.api('message/update_template_card', update)).toMatchObject({ errcode: 0 })
  await again()
  expect(await world.api('message/update_template_card', update)).toMatchObject({ errcode: 42022 })
  expect(await world.api('message/recall', { msgid })).toMatchObject({ errcode: 0 })
})

it('forgets access tokens, as the platform may at any time', async () => {
  const access_token = await world.token()
  await again()
  expect(await world.api('getcallbackip', undefined, { access_token })).toMatchObject({ errcode: 40014 })
})

it('stays ahead of the machine by as much as before', async () => {
  await world.sandbox.moveClock({ forwardMs: 86_400_000 })
  await again()
  expect(world.clock.offset).toBe(86_400_000)
  await again()
  expect(world.sandbox.state().ahead).toBe(86_400_000)
})

it('leaves no half-written file', async () => {
  await world.sandbox.say({ as: 'lisi', chat: 'app:lisi', text: '你好' })
  await world.sandbox.close()
  expect(await readdir(join(dir, 'deep'))).toEqual(['sandbox.json'])
  expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ version: 2 })
})

it('sets an unreadable file aside and starts anew', async () => {
  await world.stop()
  await writeFile(file, '{"version":2,')
  world = await makeWorld({ dataFile: file })
  expect(world.sandbox.state().messages).toEqual([])
  expect(world.logged).toEqual(['warn sandbox data was unreadable and set aside; starting anew'])
  expect(await readdir(join(dir, 'deep'))).toContain('sandbox.json.broken')
})

it('starts anew from the data of another version', async () => {
  await world.stop()
  await writeFile(file, '{"version":1}')
  world = await makeWorld({ dataFile: file })
  expect(world.logged).toEqual(['warn sandbox data is of another version; starting anew'])
})
