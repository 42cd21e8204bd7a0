import { readFile } from 'node:fs/promises'
import { LineCounter, parseDocument } from 'yaml'
import type { Context } from '../context.ts'
import { inTransaction, type Tx } from '../db/tx.ts'
import { Invalid } from '../errors.ts'
import { endLeaveOf } from '../leave/enact.ts'
import { resendUnbound } from '../outbox/store.ts'
import { bind } from './accounts.ts'
import { employ, keepEmployment, teamMeant } from './employ.ts'
import { giveBackOrders } from './leaving.ts'
import type { Team } from './person.ts'
import { bindChat, saveRobot } from './places.ts'
import { type PersonInput, type PersonPatch, type TeamInput, type TeamsFile, teamsFile } from './schema.ts'
import { patchPerson, personById, personByName, savePerson, saveTeam, teamByIdOrName } from './store.ts'

export async function enterTeam(tx: Tx, ctx: Context, input: TeamInput): Promise<Team> {
  const now = ctx.clock.now()
  ctx.needPolicy(input.policy)
  const { wecom, dingtalk } = input
  const team = await saveTeam(tx, ctx.company, { name: input.name, policy: input.policy }, now)
  if (wecom?.webhookKey) await saveRobot(tx, ctx.company, team.id, 'wecom', { key: wecom.webhookKey, secret: null })
  if (dingtalk?.webhookToken) {
    const robot = { key: dingtalk.webhookToken, secret: dingtalk.webhookSecret ?? null }
    await saveRobot(tx, ctx.company, team.id, 'dingtalk', robot)
  }
  for (const platform of ['wecom', 'dingtalk'] as const) {
    const chatId = input[platform]?.chatId
    if (chatId) await bindChat(tx, ctx.company, { platform, chatId, via: 'bot', teamId: team.id }, now)
  }
  return team
}

/** Enters a person or brings one up to date, with his roles in a team and his accounts. @throws Invalid 422 */
export async function enterPerson(
  tx: Tx,
  ctx: Context,
  input: PersonInput,
  how: 'api' | 'file' | 'page',
): Promise<string> {
  const now = ctx.clock.now()
  const team = input.team ? await teamByIdOrName(tx, ctx.company, input.team) : null
  if (input.team && !team)
    throw new Invalid(`team: there is no team "${input.team}"`, [{ path: 'team', message: 'no such team' }])
  if (team && !input.roles)
    throw new Invalid('roles: a person in a team needs at least one role', [{ path: 'roles', message: 'is missing' }])
  const { post, joinedOn, leftOn } = input
  const timed = Object.entries({ post, joinedOn, leftOn }).find(([, value]) => value !== undefined)
  if (!team && timed) {
    const message = 'is about a team: name it as `team`, with `roles`'
    throw new Invalid(`${timed[0]}: ${message}`, [{ path: timed[0], message }])
  }
  const known = await personByName(tx, ctx.company, input.name)
  if (known?.mobile && input.mobile && known.mobile !== input.mobile) throw namesake(input.name)
  const id = await savePerson(
    tx,
    ctx.company,
    { name: input.name, mobile: input.mobile, teamId: team?.id, roles: input.roles },
    now,
  )
  for (const platform of ['wecom', 'dingtalk'] as const) {
    const account = input[platform]
    if (account) await bind(tx, ctx.company, { platform, userId: account.userId, personId: id, how }, now)
  }
  const { platform, skills, areas, restDays, daysOff } = input
  if (platform || skills || areas || restDays || daysOff)
    await patchPerson(tx, ctx.company, id, { platform, skills, areas, restDays, daysOff })
  if (team) await employ(tx, ctx, { personId: id, team }, { post, joinedOn, leftOn })
  await keepEmployment(tx, ctx, id)
  if (input.wecom || input.dingtalk) await resendUnbound(tx, ctx.company, id, now)
  return id
}

/** Changes what is known of a person, or lets him leave; false where there is none. @throws Invalid 422 */
export async function changePerson(tx: Tx, ctx: Context, id: string, given: PersonPatch): Promise<boolean> {
  const { team, post, joinedOn, leftOn, ...change } = given
  const person = await personById(tx, ctx.company, id)
  if (!person) return false
  if (change.active === false) await giveBackOrders(tx, ctx, id, [...new Set(person.memberships.map(m => m.teamId))])
  await patchPerson(tx, ctx.company, id, change)
  if (post !== undefined || joinedOn !== undefined || leftOn !== undefined) {
    const meant = await teamMeant(tx, ctx, id, team)
    await employ(tx, ctx, { personId: id, team: meant }, { post, joinedOn, leftOn })
  }
  if (change.active === false) await endLeaveOf(tx, ctx, id)
  await keepEmployment(tx, ctx, id)
  return true
}

/** People are spoken of by name in chat, so a name means one person of the company. */
function namesake(name: string): Invalid {
  const message = `there is a "${name}" with another mobile: give this one a name of his own, or PATCH that person`
  return new Invalid(`name: ${message}`, [{ path: 'name', message }], 409)
}

/** Reads a teams file. Errors name the file and the line. @throws Invalid */
export async function readTeamsFile(path: string): Promise<TeamsFile> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new Invalid(`TEAMS_FILE: ${path} cannot be read`)
  })
  const lines = new LineCounter()
  const doc = parseDocument(text, { lineCounter: lines })
  if (doc.errors.length > 0) throw new Invalid(doc.errors.map(error => `${path}: ${error.message}`).join('\n'))
  const parsed = teamsFile.safeParse(doc.toJS())
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(issue => {
    const at = place(issue.path)
    return { path: issue.path.join('.'), message: `${path}${at}: ${issue.path.join('.')}: ${issue.message}` }
  })
  throw new Invalid(problems.map(problem => problem.message).join('\n'), problems)

  function place(keys: readonly PropertyKey[]): string {
    for (let length = keys.length; length >= 0; length--) {
      const node = doc.getIn(keys.slice(0, length), true) as { range?: [number, number, number] } | undefined
      if (node?.range) return `:${lines.linePos(node.range[0]).line}`
    }
    return ''
  }
}

/** Brings teams and people up to what a file says. People who are not in it stay as they are. */
export async function enterTeams(ctx: Context, file: TeamsFile): Promise<void> {
  for (const { people, ...team } of file.teams) {
    await inTransaction(ctx.db, async tx => {
      await enterTeam(tx, ctx, team)
      for (const person of people) await enterPerson(tx, ctx, { ...person, team: team.name }, 'file')
    })
  }
}
