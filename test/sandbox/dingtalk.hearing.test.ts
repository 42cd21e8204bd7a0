import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Client, type DingWorld, group, makeDingWorld, publicCard, robotTopic } from './dingworld.ts'
import { png, pngUrl } from './world.ts'

let world: DingWorld
let client: Client

beforeEach(async () => {
  world = await makeDingWorld()
  client = await world.connect()
})
afterEach(() => world.stop())

const heard = () => client.heard(robotTopic)
const newest = () => heard().at(-1) ?? {}
const robotCode = () => world.sandbox.dingtalk.credentials.robotCode
const lisi = { as: 'lisi', chat: 'ding:lisi' }
const inGroup = { as: 'zhangsan', chat: group }
const download = async (downloadCode: unknown) => {
  const { body } = await world.ding('POST', '/v1.0/robot/messageFiles/download', {
    downloadCode,
    robotCode: robotCode(),
  })
  return String(body.downloadUrl)
}

describe('in a 1:1 chat', () => {
  it('the robot hears text', async () => {
    const { message, status } = await world.sandbox.say({ ...lisi, text: '我的单' })
    expect(status).toBe('empty')
    const { corpId } = world.sandbox.dingtalk.credentials
    expect(newest()).toEqual({
      msgtype: 'text',
      text: { content: '我的单' },
      msgId: expect.stringMatching(/^msg.+==$/),
      createAt: world.clock.now().getTime(),
      conversationType: '1',
      conversationId: expect.stringMatching(/^cid.{22}==$/),
      senderId: expect.stringMatching(/^\$:LWCP_v1:\$/),
      senderStaffId: 'Dd7003li',
      senderUnionId: expect.any(String),
      senderNick: '李四',
      senderCorpId: corpId,
      senderPlatform: 'Android',
      isAdmin: false,
      chatbotUserId: expect.stringMatching(/^\$:LWCP_v1:\$/),
      chatbotCorpId: corpId,
      robotCode: robotCode(),
      sessionWebhook: expect.stringContaining(`${world.base}/sandbox/dingtalk/oapi/robot/sendBySession?session=`),
      sessionWebhookExpiredTime: world.clock.now().getTime() + 90 * 60_000,
    })
    expect(world.last('ding:lisi')).toMatchObject({ id: message, body: { kind: 'text', text: '我的单', mentions: [] } })
  })

  it('the robot hears pictures, alone or with text as one richText', async () => {
    await world.sandbox.photo({ ...lisi, image: pngUrl })
    expect(newest()).toMatchObject({ msgtype: 'picture', content: { downloadCode: expect.any(String) } })
    await world.sandbox.photo({ ...lisi, image: pngUrl, text: '1024 完工' })
    const { msgtype, content } = newest() as { msgtype: string; content: { richText: Array<Record<string, string>> } }
    expect([msgtype, content.richText.length]).toEqual(['richText', 2])
    expect(content.richText[0]).toEqual({ text: '1024 完工' })
    expect(content.richText[1]).toMatchObject({
      type: 'picture',
      pictureDownloadCode: content.richText[1]?.downloadCode,
    })
    expect(world.messages('ding:lisi').map(({ body }) => body.kind)).toEqual(['image', 'text', 'image'])
  })

  it('what was sent can be fetched for a while', async () => {
    await world.sandbox.photo({ ...lisi, image: pngUrl })
    const { downloadCode } = newest().content as { downloadCode: string }
    const url = await download(downloadCode)
    expect(new URL(url).pathname).toMatch(/\.file$/)
    const response = await fetch(url)
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(Buffer.from(await response.arrayBuffer())).toEqual(png)
    world.clock.forward(11 * 60_000)
    expect((await fetch(url)).status).toBe(403)
    const again = await download(downloadCode)
    expect((await fetch(again)).status).toBe(200)
    world.clock.forward(25 * 3_600_000)
    const path = '/v1.0/robot/messageFiles/download'
    const expired = await world.ding('POST', path, { downloadCode, robotCode: robotCode() })
    expect(expired).toMatchObject({ status: 400, body: { code: 'invalidParameter.robotCode.downloadCode' } })
    const foreign = await world.ding('POST', path, { downloadCode, robotCode: 'other' })
    expect(foreign).toMatchObject({ status: 400, body: { code: 'invalidParameter.robotCode.auth' } })
  })

  it('the robot hears speech with what was recognised, and gets files', async () => {
    await world.sandbox.voice({ ...lisi, text: '已经到达客户家里了' })
    expect(newest()).toMatchObject({
      msgtype: 'audio',
      content: { duration: 3_000, recognition: '已经到达客户家里了' },
    })
    expect(world.last('ding:lisi').body).toEqual({ kind: 'voice', seconds: 3, text: '已经到达客户家里了' })
    await world.sandbox.voice({ ...lisi, text: '到了', seconds: 9 })
    expect(newest()).toMatchObject({ content: { duration: 9_000 } })
    await world.sandbox.dingtalk.file({ as: 'lisi', name: '账单.xlsx', bytes: Buffer.from('a,b') })
    const { msgtype, content } = newest() as { msgtype: string; content: { fileName: string; downloadCode: string } }
    expect([msgtype, content.fileName]).toEqual(['file', '账单.xlsx'])
    expect(await (await fetch(await download(content.downloadCode))).text()).toBe('a,b')
  })

  it('no place can be sent', async () => {
    await expect(world.sandbox.location({ ...lisi, lat: 31, lng: 121, label: '门口' })).rejects.toThrow('no places')
    expect([heard(), world.messages('ding:lisi')]).toEqual([[], []])
  })

  it('a look tells nobody', async () => {
    expect(await world.sandbox.read(lisi)).toEqual({ status: 'empty' })
    expect(heard()).toEqual([])
  })
})

describe('in a group', () => {
  it('the robot hears only what calls it, its name taken out', async () => {
    expect(await world.sandbox.say({ ...inGroup, text: '中午吃什么' })).toMatchObject({ status: 'empty' })
    expect(heard()).toEqual([])
    await world.sandbox.say({ ...inGroup, text: '接单 1024', at: true })
    expect(newest()).toMatchObject({
      ...{ conversationType: '2', conversationId: group, openThreadId: group, conversationTitle: '一班派工群' },
      ...{ text: { content: ' 接单 1024' }, isInAtList: true, senderStaffId: 'Dd7002zhang' },
      atUsers: [{ dingtalkId: newest().chatbotUserId }],
    })
    expect(world.last(group).body).toMatchObject({ text: '@派工助手 接单 1024', mentions: ['派工助手'] })
  })

  it('leaves the @ of others in the text and names them', async () => {
    await world.sandbox.say({ ...inGroup, text: '派给 @李四 @派工助手' })
    expect(newest()).toMatchObject({ text: { content: ' 派给 @李四' } })
    expect((newest().atUsers as unknown[])[1]).toMatchObject({ staffId: 'Dd7003li', unionId: expect.any(String) })
  })

  it('a picture reaches it with its name only', async () => {
    expect(await world.sandbox.photo({ ...inGroup, image: pngUrl })).toMatchObject({ status: 'empty' })
    await world.sandbox.photo({ ...inGroup, image: pngUrl, text: '随手拍' })
    expect(heard()).toEqual([])
    await world.sandbox.photo({ ...inGroup, image: pngUrl, text: '1024 完工', at: true })
    expect(newest()).toMatchObject({ msgtype: 'richText', content: { richText: [{ text: ' 1024 完工' }, {}] } })
    await world.sandbox.photo({ ...inGroup, image: pngUrl, at: true })
    expect(newest()).toMatchObject({ msgtype: 'picture' })
  })

  it('speech and files cannot be sent to it', async () => {
    await expect(world.sandbox.voice({ ...inGroup, text: '到了' })).rejects.toThrow('1:1 chat only')
    expect(world.messages(group)).toEqual([])
  })
})

describe('a quoted message', () => {
  const quote = (message: string) => world.sandbox.say({ ...inGroup, text: '已到达', at: true, quote: message })

  it('of a person is told', async () => {
    const { message } = await world.sandbox.say({ as: 'lisi', chat: group, text: '单 1024', at: true })
    const { msgId, senderId } = newest()
    await quote(message)
    expect(newest()).toMatchObject({
      text: {
        content: ' 已到达',
        isReplyMsg: true,
        repliedMsg: { msgType: 'text', msgId, senderId, content: { text: '@派工助手 单 1024' } },
      },
      originalMsgId: msgId,
    })
    expect(newest()).not.toHaveProperty('originalProcessQueryKey')
    expect(world.last(group).body).toMatchObject({ quote: '@派工助手 单 1024' })
  })

  it('of the robot is known by its key, without content', async () => {
    const { body } = await world.ding('POST', '/v1.0/robot/groupMessages/send', {
      ...{ robotCode: robotCode(), openConversationId: group, msgKey: 'sampleText' },
      msgParam: JSON.stringify({ content: '单 1024' }),
    })
    await quote(world.last(group).id)
    const { text, originalProcessQueryKey } = newest() as {
      text: { repliedMsg: object }
      originalProcessQueryKey: string
    }
    expect(originalProcessQueryKey).toBe(body.processQueryKey)
    expect(text.repliedMsg).toMatchObject({ msgType: 'unknownMsgType', senderId: newest().chatbotUserId })
    expect(text.repliedMsg).not.toHaveProperty('content')
  })

  it('that is a card is known by its carrier, without content', async () => {
    const { body } = await world.ding('POST', '/v1.0/card/instances/createAndDeliver', publicCard(world, 'wo-1'))
    const { deliverResults } = body.result as { deliverResults: Array<{ carrierId: string }> }
    await quote(world.last(group).id)
    const { text, originalProcessQueryKey } = newest() as {
      text: { repliedMsg: object }
      originalProcessQueryKey: string
    }
    expect(originalProcessQueryKey).toBe(deliverResults[0]?.carrierId)
    expect(text.repliedMsg).toMatchObject({ msgType: 'interactiveCard' })
    expect(text.repliedMsg).not.toHaveProperty('content')
  })

  it('that is a picture can be fetched', async () => {
    const { message } = await world.sandbox.photo({ ...lisi, image: pngUrl })
    await world.sandbox.say({ ...lisi, text: '这张', quote: message })
    const { repliedMsg } = newest().text as { repliedMsg: { msgType: string; content: { downloadCode: string } } }
    expect(repliedMsg.msgType).toBe('picture')
    expect((await fetch(await download(repliedMsg.content.downloadCode))).status).toBe(200)
  })
})

it('people take up the other app, and the service is told', async () => {
  await world.stop()
  const switched: string[] = []
  world = await makeDingWorld({ onSwitched: person => void switched.push(`${person.userId} ${person.uses}`) })
  const uses = () => world.sandbox.state().people.find(person => person.userId === 'lisi')?.uses
  expect(uses()).toBe('wecom')
  await world.sandbox.switch({ as: 'lisi', platform: 'dingtalk' })
  expect([uses(), switched]).toEqual(['dingtalk', ['lisi dingtalk']])
  const post = (act: string, body: object) =>
    fetch(`${world.base}/sandbox/api/${act}`, { method: 'POST', body: JSON.stringify(body) })
  expect((await post('switch', { as: 'lisi', platform: 'wecom' })).status).toBe(200)
  expect([uses(), switched.length]).toEqual(['wecom', 2])
  expect((await post('switch', { as: 'lisi', platform: 'feishu' })).status).toBe(422)
  expect((await post('voice', { ...lisi, text: '到了', seconds: 2 })).status).toBe(200)
  expect((await post('voice', { as: 'lisi', chat: 'app:lisi', text: '到了' })).status).toBe(422)
  expect((await post('location', { ...lisi, lat: 31, lng: 121, label: '' })).status).toBe(422)
})
