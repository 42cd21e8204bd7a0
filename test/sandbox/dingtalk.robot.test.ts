import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type DingWorld, group, makeDingWorld } from './dingworld.ts'
import { png } from './world.ts'

let world: DingWorld
const hour = 3_600_000
const toPeople = '/v1.0/robot/oToMessages/batchSend'
const toGroup = '/v1.0/robot/groupMessages/send'

beforeEach(async () => {
  world = await makeDingWorld()
})
afterEach(() => world.stop())

const keys = () => world.sandbox.dingtalk.credentials
const sending = (msgKey: string, msgParam: object, more: Record<string, unknown> = {}) => ({
  ...{ robotCode: keys().robotCode, userIds: ['Dd7003li'], msgKey, msgParam: JSON.stringify(msgParam) },
  ...more,
})
const text = (more: Record<string, unknown> = {}) => sending('sampleText', { content: '你好' }, more)
const inGroup = (more: Record<string, unknown> = {}) => text({ openConversationId: group, ...more })

describe('the robot speaks to people', () => {
  it('in their chats, and says who is nobody', async () => {
    const given = sending(
      'sampleMarkdown',
      { title: '新单', text: '# 1024' },
      { userIds: ['Dd7003li', 'dd7003LI', 'lisi'] },
    )
    const { status, body } = await world.ding('POST', toPeople, given)
    expect([status, body]).toEqual([
      200,
      { processQueryKey: expect.any(String), invalidStaffIdList: ['dd7003LI', 'lisi'], flowControlledStaffIdList: [] },
    ])
    expect(world.last('ding:lisi')).toMatchObject({
      from: { kind: 'bot', name: '派工助手' },
      body: { kind: 'markdown', title: '新单', text: '# 1024' },
    })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['another robot', { robotCode: 'other' }, 'invalidParameter.robotCode.notExsit'],
    ['21 people', { userIds: Array.from({ length: 21 }, (_, n) => `u${n}`) }, 'invalidParameter.userIds.overMax'],
    ['nobody', { userIds: ['lisi'] }, 'staffId.notExisted'],
    ['an unknown msgKey', { msgKey: 'sampleCard' }, 'invalidParameter.msgKey.invalid'],
    ['msgParam as an object', { msgParam: { content: '好' } }, 'invalidParameter.msgParam.invalid'],
    ['msgParam that is no JSON', { msgParam: '好' }, 'invalidParameter.msgParam.invalid'],
    ['msgParam without content', { msgParam: '{"text":"好"}' }, 'invalidParameter.msgParam.invalid'],
    [
      '15,000 bytes',
      { msgParam: JSON.stringify({ content: 'x'.repeat(15_000) }) },
      'invalidParameter.msgParam.tooLong',
    ],
    ['no userIds', { userIds: undefined }, 'invalidParameter'],
  ])('not to or with %s', async (_name, more, code) => {
    expect(await world.ding('POST', toPeople, text(more))).toMatchObject({ status: 400, body: { code } })
    expect(world.messages('ding:lisi')).toEqual([])
  })

  it.each<[string, object, object]>([
    ['sampleText', { content: '@李四 好' }, { kind: 'text', text: '@李四 好', mentions: [] }],
    ['sampleImageMsg', { photoURL: 'https://x.example/a.png' }, { kind: 'image', url: 'https://x.example/a.png' }],
    [
      'sampleLink',
      { title: '单', text: '看', picUrl: '', messageUrl: 'https://x.example/' },
      { card: { look: 'action-card', title: '单', markdown: '看', buttons: [{ url: 'https://x.example/' }] } },
    ],
    [
      'sampleActionCard',
      { title: '单', text: '看', singleTitle: '打开', singleURL: 'https://x.example/' },
      { kind: 'dingcard', card: { buttons: [{ text: '打开', request: false, url: 'https://x.example/' }] } },
    ],
    [
      'sampleActionCard2',
      { title: '单', text: '看', ...{ actionTitle1: '一', actionURL1: 'u1', actionTitle2: '二', actionURL2: 'u2' } },
      {
        card: {
          buttons: [
            { text: '一', url: 'u1' },
            { text: '二', url: 'u2' },
          ],
        },
      },
    ],
    [
      'sampleActionCard6',
      { title: '单', text: '看', ...{ buttonTitle1: '一', buttonUrl1: 'u1', buttonTitle2: '二', buttonUrl2: 'u2' } },
      {
        card: {
          buttons: [
            { text: '一', url: 'u1' },
            { text: '二', url: 'u2' },
          ],
        },
      },
    ],
  ])('with %s', async (msgKey, msgParam, body) => {
    expect(await world.ding('POST', toPeople, sending(msgKey, msgParam))).toMatchObject({ status: 200 })
    expect(world.last('ding:lisi').body).toMatchObject(body)
  })

  it('with what was uploaded', async () => {
    const picture = await upload('image', 'a.png', png)
    const voice = await upload('voice', 'a.amr', Buffer.from('#!AMR'))
    const video = await upload('video', 'a.mp4', Buffer.from('mp4'))
    const file = await upload('file', 'bill.xlsx', Buffer.from('x'))
    const say = (msgKey: string, msgParam: object) => world.ding('POST', toPeople, sending(msgKey, msgParam))
    await say('sampleImageMsg', { photoURL: picture.media_id })
    const shown = world.last('ding:lisi').body
    const served = await fetch(`${world.base}${shown.kind === 'image' ? shown.url : ''}`)
    expect(Buffer.from(await served.arrayBuffer())).toEqual(png)
    await say('sampleMarkdown', { title: '图', text: `看 ![](${picture.media_id})` })
    expect(world.last('ding:lisi').body).toMatchObject({
      text: expect.stringMatching(/!\[\]\(\/sandbox\/api\/media\//),
    })
    await say('sampleAudio', { mediaId: voice.media_id, duration: '2500' })
    expect(world.last('ding:lisi').body).toEqual({ kind: 'voice', seconds: 3, text: '' })
    await say('sampleFile', { mediaId: file.media_id, fileName: '账单.xlsx', fileType: 'xlsx' })
    expect(world.last('ding:lisi').body).toMatchObject({ kind: 'file', name: '账单.xlsx' })
    const both = { videoMediaId: video.media_id, picMediaId: picture.media_id, videoType: 'mp4', duration: 1 }
    await say('sampleVideo', both)
    expect(world.last('ding:lisi').body).toMatchObject({ kind: 'file', name: 'a.mp4' })
    const { status, body } = await say('sampleFile', { mediaId: '@none', fileName: 'a', fileType: 'pdf' })
    expect([status, body.code]).toEqual([400, 'invalidParameter.msgParam.invalid'])
  })
})

const upload = async (type: string | undefined, name: string, bytes: Buffer, more: { inForm?: boolean } = {}) => {
  const form = new FormData()
  form.set('media', new Blob([new Uint8Array(bytes)]), name)
  if (type && more.inForm) form.set('type', type)
  const query = new URLSearchParams({ access_token: await world.token(), ...(type && !more.inForm ? { type } : {}) })
  const url = `${world.base}/sandbox/dingtalk/oapi/media/upload?${query}`
  return (await (await fetch(url, { method: 'POST', body: form })).json()) as Record<string, unknown>
}

describe('uploads', () => {
  it('give an id, the type in the form or in the address', async () => {
    const given = await upload('image', 'a.png', png)
    expect(given).toMatchObject({ errcode: 0, type: 'image', media_id: expect.stringMatching(/^@[\w-]+$/) })
    expect(await upload('image', 'a.png', png, { inForm: true })).toMatchObject({ errcode: 0, type: 'image' })
  })

  it('are refused by type, ending, size and form', async () => {
    expect(await upload(undefined, 'a.png', png)).toMatchObject({ errcode: 40004 })
    expect(await upload('picture', 'a.png', png)).toMatchObject({ errcode: 40004 })
    expect(await upload('image', 'a.svg', png)).toMatchObject({ errcode: 40005 })
    expect(await upload('voice', 'a.amr', Buffer.alloc(2 * 1_024 * 1_024 + 1))).toMatchObject({ errcode: 40006 })
    expect(await upload('file', 'a.pdf', Buffer.alloc(0))).toMatchObject({ errcode: 40006 })
    expect(await world.old('/media/upload', {})).toMatchObject({ errcode: 43008 })
  })
})

describe('the robot speaks in a group', () => {
  it('and calls nobody', async () => {
    expect(await world.ding('POST', toGroup, inGroup())).toMatchObject({
      status: 200,
      body: { processQueryKey: expect.any(String) },
    })
    expect(world.last(group).body).toEqual({ kind: 'text', text: '你好', mentions: [] })
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['no group', { openConversationId: undefined }, 'miss.openConversationId'],
    ['an unknown group', { openConversationId: 'cidother==' }, 'invalid.openConversationId'],
    ['a group of WeCom', { openConversationId: 'wrSANDBOXGROUP01' }, 'invalid.openConversationId'],
    ['another robot', { robotCode: 'other' }, 'invalidParameter.robotCode.notExsit'],
  ])('not in %s', async (_name, more, code) => {
    expect(await world.ding('POST', toGroup, inGroup(more))).toMatchObject({ status: 400, body: { code } })
  })
})

describe('recalling', () => {
  const fromPeople = '/v1.0/robot/otoMessages/batchRecall'
  const fromGroup = '/v1.0/robot/groupMessages/recall'
  const keyOf = async (path: string, given: object) =>
    String((await world.ding('POST', path, given)).body.processQueryKey)
  const recall = (path: string, processQueryKeys: string[], more = {}) =>
    world.ding('POST', path, { robotCode: keys().robotCode, processQueryKeys, ...more })

  it('takes messages away within 24 hours', async () => {
    const key = await keyOf(toPeople, text())
    const { body } = await recall(fromPeople, [key, 'unknown'])
    expect(body).toEqual({ successResult: [key], failedResult: { unknown: 'invalid.processQueryKey' } })
    expect(world.last('ding:lisi').recalled).toBe(true)
    const groupKey = await keyOf(toGroup, inGroup())
    expect((await recall(fromPeople, [groupKey])).body).toMatchObject({ code: 'invalid.processQueryKey' })
    expect((await recall(fromGroup, [groupKey], { openConversationId: group })).body).toMatchObject({
      successResult: [groupKey],
    })
    expect(world.last(group).recalled).toBe(true)
  })

  it('does nothing later, or for others', async () => {
    const key = await keyOf(toPeople, text())
    world.clock.forward(24 * hour + 1)
    expect(await recall(fromPeople, [key])).toMatchObject({
      status: 400,
      body: { code: 'robot.processQueryKey.expired' },
    })
    const none = await recall(fromPeople, [key, 'unknown'])
    expect(none.body).toMatchObject({ code: 'notRevoke.all.messages' })
    expect((await recall(fromGroup, [key])).body).toMatchObject({ code: 'miss.openConversationId' })
    const tooMany = Array.from({ length: 21 }, (_, n) => `k${n}`)
    expect((await recall(fromPeople, tooMany)).body).toMatchObject({ code: 'invalidParameter' })
    expect((await recall(fromPeople, [key], { robotCode: 'x' })).body).toMatchObject({
      code: 'invalidParameter.robotCode.notExsit',
    })
    expect(world.last('ding:lisi').recalled).toBeUndefined()
  })
})
