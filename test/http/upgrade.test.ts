import { once } from 'node:events'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { eachStory } from '../support/shop.ts'

const story = eachStory({ on: 'dingtalk' })

it('survives peers that ask for a socket and reset the connection', async () => {
  const { world } = story
  const { port } = new URL(world.url)
  for (const path of ['/sandbox/dingtalk/connect?ticket=unknown', '/nowhere', '/']) {
    for (let nth = 0; nth < 10; nth++) {
      const socket = connect(Number(port), '127.0.0.1')
      await once(socket, 'connect')
      const head = `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`
      await new Promise(written => socket.write(head, written))
      socket.resetAndDestroy()
    }
  }
  expect((await fetch(`${world.url}/health/live`)).status).toBe(200)
})
