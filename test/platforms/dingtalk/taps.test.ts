import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCardCallback, readEvent, type Tapped } from '../../../src/platforms/dingtalk/inbound.ts'
import { config, start } from './help.ts'

const { corpId } = config

/** Reference §5.3; `content` is JSON text. */
const callback = (actionIds: unknown, params: unknown, more: object = {}) => ({
  ...{ type: 'actionCallback', outTrackId: 'T1', corpId, userId: 'zhang3', userIdType: 1 },
  ...{ spaceType: 'im', spaceId: 'dtv1.card//IM_GROUP.cid', extension: '{}' },
  content: JSON.stringify({ cardPrivateData: { actionIds, params } }),
  ...more,
})
const read = (data: unknown, push = 'P1') => readCardCallback(data, push, corpId, start)
const inbound = (tapped: Tapped) => {
  if ('why' in tapped) throw new Error(`it was refused: ${tapped.why}`)
  return tapped.inbound
}

describe('a tap', () => {
  it('says who tapped which button of which card', () => {
    expect(read(callback(['o:1:1:accept'], { p: 'o:1:1:accept' }))).toEqual({
      template: 'public',
      inbound: {
        ...{ platform: 'dingtalk', corpId, sender: { userId: 'zhang3' }, at: start },
        key: expect.stringMatching(/^card:[0-9a-f]{64}$/),
        chat: { kind: 'single', id: 'zhang3', via: 'bot' },
        said: { kind: 'button', payload: 'o:1:1:accept', taskId: 'T1', choices: {} },
        repaint: { handle: 'p:T1', expiresAt: new Date('2027-11-20T02:00:00Z') },
      },
    })
  })

  it.each([
    ['by its id alone', ['o:1:1:accept'], {}, 'o:1:1:accept', 'p:T1'],
    ['by its params alone', [], { p: 'o:1:1:accept' }, 'o:1:1:accept', 'p:T1'],
    ['by both, the params first', ['x.b3RoZXI'], { p: 'o:1:1:accept' }, 'o:1:1:accept', 'p:T1'],
    [
      'by an id that was no ASCII',
      [`x.${Buffer.from('o:1:1:decline:太远').toString('base64url')}`],
      {},
      'o:1:1:decline:太远',
      'p:T1',
    ],
    ['of our own template', ['btn2'], { payload: 'o:1:1:accept' }, 'o:1:1:accept', 'o:T1'],
    ['of our own template without its id', [], { payload: 'o:1:1:accept' }, 'o:1:1:accept', 'o:T1'],
    ['of nothing', [], {}, '', 'p:T1'],
  ])('is understood %s', (_, ids, params, payload, handle) => {
    expect(inbound(read(callback(ids, params)))).toMatchObject({ said: { payload }, repaint: { handle } })
  })

  it('is read from `value` where there is no `content`, and without its company', () => {
    const { content, ...rest } = callback(['a'], {})
    for (const data of [
      { ...rest, value: content },
      { ...rest, value: content, content: null },
      { ...rest, content, corpId: undefined },
      { ...rest, content, spaceType: undefined, spaceId: 7 },
    ])
      expect(inbound(read(data))).toMatchObject({ said: { payload: 'a' } })
  })

  it('is another one when it comes another time, and the same when it is delivered again', () => {
    const key = (push: string, data = callback(['a'], {})) => inbound(read(data, push)).key
    expect(key('P1')).toBe(key('P1'))
    const others = [
      key('P2'),
      key('P1', callback(['b'], {})),
      key('P1', callback(['a'], {}, { outTrackId: 'T2' })),
      key('P1', callback(['a'], {}, { userId: 'li4' })),
    ]
    expect(new Set([key('P1'), ...others]).size).toBe(5)
  })

  it.each([
    ['of another company', callback(['a'], {}, { corpId: 'dingOTHER' }), 'receiver'],
    ['of nobody', callback(['a'], {}, { userId: '' }), 'malformed'],
    ['on no card', callback(['a'], {}, { outTrackId: undefined }), 'malformed'],
    ['without content', callback(['a'], {}, { content: undefined }), 'malformed'],
    ['with half of it', callback(['a'], {}, { content: '{"cardPrivateData":{' }), 'malformed'],
    ['with other content', callback(['a'], {}, { content: '{"form":{}}' }), 'malformed'],
    ['with ids that are none', callback([{}], {}), 'malformed'],
    ['with too much content', callback(['a'], { p: 'x'.repeat(50_000) }), 'malformed'],
    ['that is nothing', undefined, 'malformed'],
  ])('is refused %s', (_, data, why) => {
    expect(read(data)).toEqual({ why })
  })

  it('never throws, whatever it is', () => {
    const value = fc.oneof(fc.anything(), fc.string(), fc.json())
    fc.assert(fc.property(fc.anything(), data => void read(data)))
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(callback([], {})), 'value'),
        value,
        (name, spoilt) => void read(callback(['a'], {}, { [name]: spoilt })),
      ),
    )
    fc.assert(fc.property(value, value, (ids, params) => void read(callback(ids, params))))
  })
})

describe('an event', () => {
  const head = { eventType: 'user_leave_org', eventId: 'E1', corpId }
  const at = (more: object = {}, data: unknown = {}) => readEvent({ ...head, ...more }, data, corpId, start)

  it('over Stream has its type, its id and its time in the headers', () => {
    expect(at({ bornAt: 1_708_327_204_136 }, { userId: ['zhang3'], timeStamp: 7 })).toEqual({
      ...{ platform: 'dingtalk', key: 'event:E1', corpId, sender: { userId: '' } },
      chat: { kind: 'single', id: '', via: 'bot' },
      at: new Date(1_708_327_204_136),
      said: {
        ...{ kind: 'event', event: 'left', name: 'user_leave_org' },
        detail: { userId: '["zhang3"]', timeStamp: '7' },
      },
    })
  })

  it('over HTTP is flat, and says who began it', () => {
    const flat = {
      EventType: 'bpms_instance_change',
      CorpId: corpId,
      eventId: 'E2',
      staffId: 'zhang3',
      type: 'finish',
      result: 'agree',
    }
    expect(readEvent({ eventType: 'bpms_instance_change', eventId: 'E2', corpId }, flat, corpId, start)).toMatchObject({
      ...{ key: 'event:E2', at: start, sender: { userId: 'zhang3' }, chat: { id: 'zhang3' } },
      said: { event: 'other', name: 'bpms_instance_change', detail: { type: 'finish', result: 'agree' } },
    })
  })

  it.each([
    ['user_add_org', 'joined'],
    ['user_leave_org', 'left'],
    ['user_modify_org', 'other'],
    ['constructor', 'other'],
    ['', 'other'],
  ])('%s is %s', (eventType, event) => {
    expect(at({ eventType })).toMatchObject({ said: { event, name: eventType } })
  })

  it('of another company is none of ours; of none named, it is', () => {
    expect(at({ corpId: 'dingOTHER' })).toBeNull()
    expect(at({ corpId: undefined })).toMatchObject({ key: 'event:E1' })
  })

  it('never throws, and brings at most sixty details, all of them words', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.string(), fc.double(), (data, eventId, bornAt) => {
        const inbound = at({ eventId, bornAt }, data)
        expect(inbound?.at.getTime()).not.toBeNaN()
        expect(inbound?.said.kind).toBe('event')
        const detail = inbound?.said.kind === 'event' ? Object.values(inbound.said.detail) : []
        expect(detail.length).toBeLessThanOrEqual(60)
        for (const value of detail) expect(value).toBeTypeOf('string')
      }),
    )
    fc.assert(fc.property(fc.anything(), data => void at({}, data)))
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`f${n}`, n]))
    const { said } = at({}, many) ?? {}
    expect(said?.kind === 'event' && Object.keys(said.detail)).toHaveLength(60)
  })
})
