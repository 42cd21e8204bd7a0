import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { demoTeam } from '../../src/demo.ts'
import { openPair, type Pair } from '../support/pair.ts'
import { builtService, eventually } from '../support/process.ts'
import { textOf } from '../support/screen.ts'

let pair: Pair

beforeAll(() => builtService())
beforeEach(async () => {
  pair = await openPair()
})
afterEach(() => pair.close())

describe('two instances on one database', () => {
  it('50 taps at once by two people: one takes the order, everybody else is told who', async () => {
    const { outside, instances } = pair
    const [one, two] = instances
    const code = await one.order()
    expect(await outside.say('zhaopaigong', `抢单 ${code}`)).not.toBe('failed')
    const people = ['zhangsan', 'lisi'] as const
    for (const userId of people)
      await eventually(() =>
        expect(outside.cards(userId).map(({ text }) => text)).toEqual([expect.stringContaining('[抢单]')]),
      )

    const taps = Array.from({ length: 25 }, () => people.map(userId => () => outside.tap(userId, '抢单', code))).flat()
    const outcomes = await Promise.all(taps.map(tap => tap()))
    expect(outcomes.filter(outcome => outcome === 'failed')).toEqual([])

    const facts = await two.timeline(code)
    const accepted = facts.filter(({ fact }) => fact === 'accepted')
    expect(accepted).toHaveLength(1)
    const winner = accepted[0]?.by?.name ?? ''
    const loser = people.find(userId => demoTeam.people.find(person => person.userId === userId)?.name !== winner) ?? ''
    const answers = outside.sandbox
      .log()
      .filter(({ what, status }) => what === 'template_card_event' && status === 200)
      .filter(({ opened }) => opened?.includes(`<![CDATA[${loser}]]>`))
      .map(({ opened }) => opened?.split('\n→ ')[1] ?? opened?.split('→ ')[1] ?? '')
    expect(answers).toHaveLength(25)
    // On a busy machine an answer may come too late for the callback: then the card is repainted a moment later.
    expect(answers.filter(answer => answer !== '' && !answer.includes(winner))).toEqual([])
    await eventually(() => {
      const [lost] = outside.cards(loser)
      expect(lost?.text).toContain(winner)
      expect(lost?.text).not.toContain('[抢单]')
      const won = outside.cards(loser === 'lisi' ? 'zhangsan' : 'lisi').at(-1)
      expect(won?.text).toMatch(/待联系|\[已联系\]/)
    })
    // Half of the taps came to each instance, and each looked at once what there was to send.
    for (const instance of instances) expect(await instance.metric('paigong_engine_beat_age_seconds')).toBeLessThan(6)
    expect(pair.errors()).toEqual([])
  })

  it('one of them is the bot; when it ends, the other takes over and answers', async () => {
    const { outside } = pair
    const { sandbox } = outside
    await eventually(() => expect(sandbox.state().botOnline).toBe(true))
    await asked('帮助')
    const owner = await pair.botOwner()
    await pair.end(owner)
    await eventually(() => expect(sandbox.state().botOnline).toBe(false))
    // Sooner than the lease of a dead owner would end: it was given back.
    await eventually(() => expect(sandbox.state().botOnline).toBe(true), 20_000)
    expect(await pair.botOwner()).not.toBe(owner)
    await asked('帮助')
    expect(pair.errors()).toEqual([])

    async function asked(text: string): Promise<void> {
      const before = spoken().length
      await sandbox.say({ as: 'zhaopaigong', chat: demoTeam.groups.wecom, text, at: true })
      await eventually(() => expect(spoken()).toHaveLength(before + 1))
      expect(textOf(spoken().at(-1) ?? expect.fail('nothing was said'))).toContain('派单')
    }
    function spoken() {
      return sandbox.state().messages.filter(({ chat, from }) => chat === demoTeam.groups.wecom && from.kind === 'bot')
    }
  })
})
