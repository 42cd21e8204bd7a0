import { setTimeout as pause } from 'node:timers/promises'
import { type Colleague, dayAhead, type Team } from './company.ts'
import type { Load } from './load.ts'
import type { Random } from './random.ts'

/** What people do with an order, a request for leave, a photo. Each waits for what the service says before it goes on. */

const dot =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

/** Opens an order over the API, with one key however often it has to be asked. Returns its code. */
async function open(load: Load, team: Team, nth: number, assign?: string): Promise<string> {
  const key = `chaos-${load.random.seed}-${nth}`
  const fault = `不制冷 第${nth}单`
  const body = {
    ...{ team: team.name, kind: 'repair', fault, ...(assign && { assign }) },
    customer: { name: '王女士', phone: '13800001234', address: `花园路${nth + 1}号院5号楼` },
  }
  const answer = await load.ask<{ code: string }>('POST', '/orders', body, key)
  if (answer.status !== 201) throw new Error(`an order was answered ${answer.status} ${JSON.stringify(answer.body)}`)
  load.promises.orders.set(key, { code: answer.body.code, fault })
  return answer.body.code
}

/** A sentence that has to become a fact of the order. */
async function report(load: Load, who: Colleague, code: string, fact: string, words: string): Promise<void> {
  const said = await load.say(who, words)
  load.promises.acts.push({ code, fact, words, said })
}

export async function work(load: Load, team: Team, who: Colleague, nth: number, random: Random): Promise<void> {
  const code = await open(load, team, nth, who.name)
  const card = await load.awaitCard(who, `${code} `, '接单')
  const taps = random.chance(0.6)
  if (taps && (await load.tap(who, card))) load.promises.acts.push({ code, fact: 'accepted' })
  // A tap that nobody acknowledged may have been kept: then it is the fact, and has no words.
  else if (taps) load.promises.acts.push({ code, fact: 'accepted', said: 1 + (await load.say(who, `接单 ${code}`)) })
  else await report(load, who, code, 'accepted', `接单 ${code}`)
  await carryOn(load, who, code, random)
}

async function carryOn(load: Load, who: Colleague, code: string, random: Random): Promise<void> {
  await pause(random.between(50, 800))
  await report(load, who, code, 'contacted', `已联系 ${code} 明天上午10点`)
  await pause(random.between(50, 800))
  await report(load, who, code, 'arrived', `到达 ${code}`)
  if (random.chance(0.3)) {
    await load.photo(who, dot)
    load.promises.photos++
  }
  await pause(random.between(50, 800))
  await report(load, who, code, 'completed', `完工 ${code} 换电容1个 收费80`)
}

/** 抢单: all of the team tap at once, and whoever got it does the work. */
export async function grab(load: Load, team: Team, nth: number, random: Random): Promise<void> {
  const code = await open(load, team, nth)
  await report(load, team.dispatcher, code, 'offered', `抢单 ${code}`)
  const cards = await Promise.all(
    team.technicians.map(async who => ({ who, card: await load.awaitCard(who, code, '抢单') })),
  )
  const taps = await Promise.all(cards.map(({ who, card }) => load.tap(who, card)))
  if (taps.some(Boolean)) load.promises.acts.push({ code, fact: 'accepted' })
  else
    await load.until(`抢单 ${code}`, async () => {
      const again = await Promise.all(cards.map(({ who, card }) => load.tap(who, card)))
      return again.some(Boolean) || (await holder(load, code)) || undefined
    })
  const name = await load.until(`holder of ${code}`, () => holder(load, code))
  const winner = team.technicians.find(one => one.name === name)
  if (winner) await carryOn(load, winner, code, random)
}

async function holder(load: Load, code: string): Promise<string | undefined> {
  const { body } = await load.ask<{ assignee: { name: string } | null }>('GET', `/orders/${code}`)
  return body.assignee?.name
}

/** A request for a day far enough away that it is in nobody's way, confirmed by its card and granted by the manager. */
export function takeLeave(load: Load, team: Team, who: Colleague): Promise<void> {
  return load.oneByOne(`leave ${who.userId}`, () => askForLeave(load, team, who))
}

async function askForLeave(load: Load, team: Team, who: Colleague): Promise<void> {
  const { said, day } = dayAhead(4 + load.leavesBefore(who))
  const words = `请假 ${said} 家里有事`
  await load.say(who, words)
  const asked = await load.awaitCard(who, said, '确认')
  // Not acknowledged, it may have been done all the same; nothing was promised then.
  if (!(await load.tap(who, asked))) return
  const request = { userId: who.userId, day, decided: false }
  load.promises.leaves.push(request)
  let confirmed = asked.message
  const about = await load.until(`leave of ${who.userId} on ${day}`, async () => {
    // By its title: who else is away that day is named on it too.
    const card = load.card(team.manager, [`· ${who.name}`, said], '批准')
    if (card) return card
    // What he said twice, since nobody acknowledged it, was heard twice after all: only the last card still counts.
    const newer = load.card(who, said, '确认')
    if (newer && newer.message !== confirmed && (await load.tap(who, newer))) confirmed = newer.message
    return undefined
  })
  request.decided = await load.tap(team.manager, about)
}
