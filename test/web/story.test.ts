import { describe, expect, it } from 'vitest'
import type { PhonePlatform, SandboxCardButton } from '../../src/sandbox/wire.ts'
import { DAY_OF_ONE_ORDER } from '../../src/web/sandbox/day.ts'
import { buttonNamed, chatIn, kept, PATIENCE_MS, personNamed, play, type Step } from '../../src/web/sandbox/story.ts'
import { Desk, MORNING, usersOf, WORKING } from './stage.ts'

const zhang = personNamed(MORNING, '张三')
const live = (text: string, key: string): SandboxCardButton => ({ text, style: 1, key })
const step = (over: Partial<Step>): Step => ({
  who: '张三',
  title: '题',
  why: '因为',
  deed: { say: '今日', in: 'app' },
  promised: { on: '张三' },
  ...over,
})
const acts = (desk: Desk): string[] => desk.done.filter(each => !each.startsWith('look'))

describe('buttonNamed', () => {
  it('takes the newest live button, an exact label before one that contains it', () => {
    const desk = new Desk()
    desk.put('app:张三', '旧', [live('接单', 'old')])
    desk.put('app:张三', '新', [live('接单', 'new')])
    desk.put('app:张三', '再新', [live('改接单', 'other')])
    desk.put('app:赵派工', '别人的', [live('接单', 'not mine')])
    expect(buttonNamed(desk.now, zhang, '接单')?.key).toBe('new')
  })

  it('does not press what is dead', () => {
    const desk = new Desk()
    desk.put('app:张三', '完', [live('接单', 'k')])
    const [only] = desk.now.messages
    if (only?.body.kind === 'card') only.body.card.replaceText = '已接单'
    expect(buttonNamed(desk.now, zhang, '接单')).toBeUndefined()
  })
})

describe('a person who uses DingTalk', () => {
  const dingtalk = usersOf({ 赵派工: 'wecom', 张三: 'dingtalk' })
  const [, his] = dingtalk
  if (!his) throw new Error('nobody')

  it('presses the buttons of his cards there, not those in the other app or of a closed card', () => {
    const desk = new Desk()
    desk.now = { ...desk.now, people: dingtalk }
    desk.put('ding:张三', '旧', [live('接单', 'old')])
    desk.put('ding:张三', '完', [live('接单', 'closed')])
    desk.put('app:张三', '在企业微信', [live('接单', 'hidden')])
    const closed = desk.now.messages[1]?.body
    if (closed?.kind === 'dingcard') closed.card.closed = '已接单'
    expect(buttonNamed(desk.now, his, '接单')?.key).toBe('old')
  })

  it('finds app and bot in the robot, and the group of his platform', () => {
    const now = { ...MORNING, people: dingtalk }
    expect([chatIn(now, his, 'app'), chatIn(now, his, 'bot'), chatIn(now, his, 'group')]).toEqual([
      'ding:张三',
      'ding:张三',
      'g2',
    ])
    expect(chatIn(now, zhang, 'group')).toBe('g2')
    expect(() => chatIn({ ...now, chats: [] }, his, 'group')).toThrow('张三的钉钉里没有群')
  })
})

describe('kept', () => {
  it('counts new and repainted messages of the service, not what people say', () => {
    const desk = new Desk()
    desk.put('g1', '早', [], { kind: 'robot', name: '提醒' })
    const mark = new Map(desk.now.messages.map(message => [message.id, '|']))
    const promised = { on: '张三', in: 'group' as const }
    expect(kept(desk.now, promised, mark)).toBeUndefined()
    desk.put('g1', '我来', [], { kind: 'person', userId: '赵派工' })
    expect(kept(desk.now, promised, mark)).toBeUndefined()
    desk.now = { ...desk.now, messages: desk.now.messages.map(message => ({ ...message, changedAt: WORKING })) }
    expect(kept(desk.now, promised, mark)?.id).toBe('m0')
    expect(kept(desk.now, { ...promised, words: /晚/ }, mark)).toBeUndefined()
  })
})

describe('play', () => {
  it('does each deed, waits for its answer, and says so', async () => {
    const desk = new Desk((what, self) => {
      if (what.startsWith('say')) self.in(5_000, () => self.put('app:张三', '看看', [live('确认', 'k1')]))
      if (what.startsWith('tap')) self.put('app:张三', '开单了')
    })
    const end = await play([step({ promised: { on: '张三', button: '确认' } }), step({ deed: { tap: '确认' } })], desk)
    expect(end).toBe('finished')
    expect(acts(desk)).toEqual(['say 张三 app:张三 今日', 'tap 张三 m0 k1'])
    expect(desk.captions.map(caption => `${caption.n} ${caption.mood}`)).toEqual([
      '1 acting',
      '1 waiting',
      '1 seen',
      '2 acting',
      '2 waiting',
      '2 seen',
      '2 finished',
    ])
    expect(desk.hints).toContainEqual({ pressing: { message: 'm0', key: 'k1' } })
    expect(desk.hints.at(-1)).toBeUndefined()
  })

  it('speaks in the group to the bot and looks at the group', async () => {
    const desk = new Desk((_, self) => self.put('g1', '✅'))
    await play([step({ deed: { say: '到达', in: 'group', at: true }, promised: { on: '张三', in: 'group' } })], desk)
    expect(desk.done).toEqual(['look group g1', 'say 张三 g1 @到达', 'look group g1'])
  })

  it('stops with a readable caption when the answer does not come in time', async () => {
    const desk = new Desk((_, self) => self.in(PATIENCE_MS + 1_500, () => self.put('app:张三', '太晚')))
    expect(await play([step({}), step({})], desk)).toBe('failed')
    expect(desk.captions.at(-1)).toMatchObject({ n: 1, mood: 'failed', title: '停在「题」' })
    expect(desk.captions.at(-1)?.why).toContain('12 秒')
    expect(acts(desk)).toHaveLength(1)
  })

  it('goes on without what may be missing', async () => {
    const desk = new Desk()
    expect(await play([step({ deed: { clock: 'next-morning' }, otherwise: '休息日' })], desk)).toBe('finished')
    expect(desk.captions.find(caption => caption.mood === 'seen')?.why).toBe('休息日')
    expect(desk.now.now).toBe('2026-11-24T00:30:00.000Z')
  })

  it('names the button that never appeared', async () => {
    const desk = new Desk()
    expect(await play([step({ deed: { tap: '到达' } })], desk)).toBe('failed')
    expect(desk.captions.at(-1)?.why).toContain('「到达」')
  })

  it('moves the clock only until the warning comes', async () => {
    const desk = new Desk((_, self) => {
      if (self.now.now === '2026-11-23T02:45:00.000Z') self.put('app:张三', '还剩 15 分')
    })
    const creep = step({ deed: { creep: { stepMs: 900_000, most: 20 } }, promised: { on: '张三', words: /剩/ } })
    expect(await play([creep], desk)).toBe('finished')
    expect(acts(desk)).toHaveLength(3)
  })

  it('sees in a watching step what came while the step before it waited', async () => {
    const desk = new Desk((what, self) => {
      if (!what.startsWith('say')) return
      self.put('g1', '1024 已完工')
      self.put('app:张三', '✅ 完工')
    })
    const watch = step({ deed: { watch: true }, promised: { on: '赵派工', in: 'group', words: /完工/ } })
    expect(await play([step({}), watch], desk)).toBe('finished')
  })

  it('opens the shop at nine when it is night', async () => {
    const desk = new Desk((_, self) => self.put('app:张三', '好'))
    desk.now = { ...desk.now, now: '2026-11-23T15:10:00.000Z' }
    await play([step({})], desk)
    expect(acts(desk)[0]).toBe('clock 2026-11-24T01:00:00.000Z')
  })

  it('ends silently when stopped, and tells why when an action is refused', async () => {
    const stopped = new Desk((_, self) => self.put('app:张三', '好'))
    stopped.stopAfter = 1
    expect(await play([step({}), step({})], stopped)).toBe('stopped')
    expect(stopped.captions.at(-1)?.mood).toBe('seen')
    const refused = new Desk(() => {
      throw new Error('时钟只能往前拨')
    })
    expect(await play([step({})], refused)).toBe('failed')
    expect(refused.captions.at(-1)?.why).toBe('时钟只能往前拨')
  })

  it('says whom it misses at the desk', async () => {
    const desk = new Desk()
    expect(await play([step({ who: '李四' })], desk)).toBe('failed')
    expect(desk.captions.at(-1)?.why).toContain('李四')
  })
})

describe('the day of one order', () => {
  it('has sixteen steps with words for each', () => {
    expect(DAY_OF_ONE_ORDER).toHaveLength(16)
    for (const each of DAY_OF_ONE_ORDER) {
      expect(each.title.length).toBeGreaterThan(3)
      expect(each.why.length).toBeGreaterThan(8)
    }
  })

  const APPS: Array<Record<string, PhonePlatform>> = [
    { 赵派工: 'wecom', 张三: 'wecom', 王经理: 'wecom' },
    { 赵派工: 'dingtalk', 张三: 'dingtalk', 王经理: 'dingtalk' },
    { 赵派工: 'wecom', 张三: 'dingtalk', 王经理: 'wecom' },
    { 赵派工: 'dingtalk', 张三: 'wecom', 王经理: 'dingtalk' },
  ]
  it.each(APPS)('plays through on a desk that answers as promised: %j', async apps => {
    const chatOf = (name: string) => `${apps[name] === 'wecom' ? 'app' : 'ding'}:${name}`
    const [zhao, his, manager] = [chatOf('赵派工'), chatOf('张三'), chatOf('王经理')]
    const group = apps.张三 === 'wecom' ? 'g1' : 'g2'
    const desk = new Desk((what, self) => {
      if (what.includes('派单')) self.put(zhao, '看看', [live('确认', 'ok')])
      else if (what.includes('请假')) self.put(his, '请核对', [live('确认', 'sure')])
      else if (what.endsWith(' sure')) self.put(manager, '请假 假1', [live('批准', 'grant')])
      else if (what.endsWith(' grant')) self.put(zhao, '张三 事假 半天，已批准')
      else if (what.includes('谁休息')) self.put(zhao, '张三 事假 下午')
      else if (what.endsWith(' ok')) self.put(his, '派工单', [live('接单', 'accept')])
      else if (what.endsWith(' accept')) self.put(his, '已接单', [live('到达', 'arrive')])
      else if (what.includes('@已联系')) self.put(group, '约明天 10:00')
      else if (what === 'clock 2026-11-24T01:30:00.000Z') self.put(his, '还剩 30 分')
      else if (what.includes('完工')) {
        self.put(his, '✅')
        self.put(group, '1024 已完工')
      } else if (what.includes('今日')) self.put(zhao, '今日')
      else if (!what.startsWith('clock') || what.includes('T00:30')) self.put(his, '好')
    })
    desk.now = { ...desk.now, people: usersOf(apps) }
    expect(await play(DAY_OF_ONE_ORDER, desk)).toBe('finished')
    expect(acts(desk)).toContain(`say 张三 ${group} @已联系 明天上午10点`)
    expect(acts(desk)).toContain(`photo 张三 ${his}`)
  })

  it('names no platform in its captions', () => {
    for (const { title, why } of DAY_OF_ONE_ORDER) expect(title + why).not.toMatch(/微信|钉钉/)
  })
})
