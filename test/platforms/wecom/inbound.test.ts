import { describe, expect, it } from 'vitest'
import { isForeign, readCallback } from '../../../src/platforms/wecom/inbound.ts'
import { parseXml } from '../../../src/platforms/wecom/xml.ts'
import { agentId, corpId, event, tapXml, textXml } from './help.ts'

const read = (xml: string) => readCallback(parseXml(xml) ?? {})
const message = (type: string, fields: string) => read(event(`<MsgType>${type}</MsgType><MsgId>1</MsgId>${fields}`))
const told = (name: string, fields = '') => read(event(`<MsgType>event</MsgType><Event>${name}</Event>${fields}`))

describe('readCallback', () => {
  it('reads text, with ids as strings and the sender in lower case', () => {
    expect(read(textXml('接单 1024'))).toEqual({
      platform: 'wecom',
      key: 'app:7281234567890123456',
      corpId,
      sender: { userId: 'zhang3' },
      chat: { kind: 'single', id: 'zhang3', via: 'app' },
      at: new Date(1_763_604_000_000),
      said: { kind: 'text', text: '接单 1024' },
    })
  })

  it('reads a tap with its choices and its code', () => {
    expect(read(tapXml)).toMatchObject({
      said: { kind: 'button', payload: 'o:1:1:accept', taskId: '00123', choices: { reason: ['busy'] } },
      repaint: { handle: 'RC1', expiresAt: new Date(1_763_604_000_000 + 72 * 3_600_000) },
    })
  })

  it('reads several choices', () => {
    const two = tapXml.replace('<OptionId><![CDATA[busy]]></OptionId>', '<OptionId>a</OptionId><OptionId>b</OptionId>')
    expect(read(two)?.said).toMatchObject({ choices: { reason: ['a', 'b'] } })
  })

  it.each([
    ['image', '<MediaId>M1</MediaId>', { kind: 'media', media: [{ kind: 'image', source: { mediaId: 'M1' } }] }],
    [
      'voice',
      '<MediaId>M2</MediaId><Format>amr</Format>',
      { kind: 'media', media: [{ kind: 'voice', source: { mediaId: 'M2' } }] },
    ],
    ['video', '<MediaId>M3</MediaId>', { kind: 'media', media: [{ kind: 'video', source: { mediaId: 'M3' } }] }],
    ['image', '', { kind: 'event', event: 'other', name: 'image' }],
    [
      'location',
      '<Location_X>34.75</Location_X><Location_Y>113.62</Location_Y><Label>和平路</Label>',
      { kind: 'location', lat: 34.75, lng: 113.62, label: '和平路' },
    ],
    ['location', '<Location_X>abc</Location_X><Location_Y>113</Location_Y>', { kind: 'event', event: 'other' }],
    ['location', '<Location_Y>113</Location_Y>', { kind: 'event', event: 'other' }],
    ['link', '<Title>标题</Title><Url>https://x.example</Url>', { kind: 'text', text: '标题\nhttps://x.example' }],
    ['shrug', '', { kind: 'event', event: 'other', name: 'shrug' }],
  ])('reads a %s message %s', (type, fields, said) => {
    expect(message(type, fields)?.said).toMatchObject(said)
  })

  it.each([
    ['enter_agent', 'entered'],
    ['subscribe', 'joined'],
    ['unsubscribe', 'left'],
    ['inactive_alert', 'appIdle'],
    ['close_inactive_agent', 'appIdle'],
    ['low_active_alert', 'appIdle'],
    ['reopen_inactive_agent', 'other'],
    ['click', 'other'],
  ])('reads the event %s as %s', (name, expected) => {
    expect(told(name)?.said).toMatchObject({ kind: 'event', event: expected, name })
  })

  it('keeps what an event tells besides', () => {
    expect(told('inactive_alert', '<EffectTime>1763700000</EffectTime>')?.said).toMatchObject({
      detail: { EffectTime: '1763700000' },
    })
  })

  it('gives two taps of one second different keys, and a repeated one the same', () => {
    const other = tapXml.replace('o:1:1:accept', 'o:1:1:decline')
    const later = tapXml.replace('RC1', 'RC2')
    expect(new Set([tapXml, tapXml, other, later].map(xml => read(xml)?.key)).size).toBe(3)
  })

  it('gives each change of an approval a key of its own', () => {
    const change = (no: string, what: number, status: number) =>
      told(
        'sys_approval_change',
        `<ApprovalInfo><SpNo>${no}</SpNo><SpStatus>${status}</SpStatus><StatuChangeEvent>${what}</StatuChangeEvent></ApprovalInfo>`,
      )
    const changes = [change('1', 1, 1), change('2', 1, 1), change('1', 2, 1), change('1', 2, 2), change('1', 2, 2)]
    expect(new Set(changes.map(inbound => inbound?.key)).size).toBe(4)
    expect(changes[0]?.said).toMatchObject({ event: 'approval', detail: { id: '1' } })
    const both = '<ApprovalInfo><SpNo>12</SpNo><SpNoStr>0012</SpNoStr></ApprovalInfo>'
    expect(told('sys_approval_change', both)?.said).toMatchObject({ detail: { id: '0012' } })
  })

  it('keeps keys short', () => {
    expect(told('click', `<EventKey>${'k'.repeat(900)}</EventKey>`)?.key).toMatch(/^app:event:[0-9a-f]{64}$/)
  })

  it.each(['ToUserName', 'FromUserName', 'CreateTime', 'MsgType'])('refuses a record without %s', name => {
    expect(read(textXml('x').replaceAll(name, 'Elsewhere'))).toBeNull()
  })

  it('refuses a time that is none', () => {
    expect(read(textXml('x').replace('1763604000', 'soon'))).toBeNull()
  })
})

describe('isForeign', () => {
  it('knows events of other apps', () => {
    const by = (fields: string, agent: number | string) => isForeign(parseXml(event(fields, agent)) ?? {}, agentId)
    expect(by('<Event>click</Event>', agentId)).toBe(false)
    expect(by('<Event>click</Event>', '')).toBe(false)
    expect(by('<Event>click</Event>', 1)).toBe(true)
    expect(by('<Event>open_approval_change</Event>', 1)).toBe(false)
  })

  it('knows approvals by their template alone', () => {
    const of = (template: string) => `<Event>sys_approval_change</Event><ApprovalInfo>${template}</ApprovalInfo>`
    const by = (fields: string, ours?: string) => isForeign(parseXml(event(fields, 3010040)) ?? {}, agentId, ours)
    expect(by(of('<TemplateId>T1</TemplateId>'), 'T1')).toBe(false)
    expect(by(of('<TemplateId>T2</TemplateId>'), 'T1')).toBe(true)
    expect(by(of('<TemplateId>T1</TemplateId>'))).toBe(true)
    expect(by('<Event>sys_approval_change</Event>', 'T1')).toBe(true)
  })
})

describe('parseXml', () => {
  it('keeps every value a string and needs no CDATA', () => {
    expect(parseXml('<xml><A>00123</A><B>7281234567890123456</B><C/></xml>')).toEqual({
      A: '00123',
      B: '7281234567890123456',
      C: '',
    })
  })

  it('lets people write about declarations', () => {
    expect(parseXml('<xml><A><![CDATA[<!DOCTYPE x> &amp;]]></A></xml>')).toEqual({ A: '<!DOCTYPE x> &amp;' })
  })

  it.each([
    ['a DOCTYPE', '<!DOCTYPE x [<!ENTITY a "b">]><xml><A>&a;</A></xml>'],
    ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "${'b'.repeat(99)}">]><xml><A>${'&a;'.repeat(99)}</A></xml>`],
    ['a comment', '<xml><!-- x --><A>1</A></xml>'],
    ['depth', `<xml>${'<A>'.repeat(40)}${'</A>'.repeat(40)}</xml>`],
    ['size', `<xml><A>${'a'.repeat(262_144)}</A></xml>`],
    ['another root', '<json>1</json>'],
    ['two roots', '<xml><A>1</A></xml><xml/>'],
    ['no end', '<xml><A>1</A>'],
    ['nothing', ''],
    ['__proto__', '<xml><__proto__><x>1</x></__proto__></xml>'],
  ])('refuses %s', (_, text) => {
    expect(parseXml(text)).toBeNull()
  })

  it('does not expand entities', () => {
    expect(parseXml('<xml><A>&lt;b&#65;</A></xml>')).toEqual({ A: '&lt;b&#65;' })
  })
})
