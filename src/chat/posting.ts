import { Refusal } from '../errors.ts'
import { employ, todayIn } from '../people/employ.ts'
import { tenuresOf } from '../people/employment.ts'
import { rolesIn, type Team } from '../people/person.ts'
import { peopleOf, personByName, teamById } from '../people/store.ts'
import type { PostWish } from './intent.ts'
import { type Reply, say, type Talk } from './talk.ts'

/** 岗位: the team's posts, or somebody's, or another one for him from today on. */
export async function postWish(talk: Talk, { who, post }: PostWish): Promise<Reply> {
  const { tx, ctx, person } = talk
  const ids = [...new Set(person.memberships.filter(({ role }) => role === 'manager').map(({ teamId }) => teamId))]
  if (ids.length === 0) throw new Refusal('role', '岗位由班组的经理来定，没有改动。')
  const teams = (await Promise.all(ids.map(id => teamById(tx, ctx.company, id)))).flatMap(team => team ?? [])
  if (who === undefined) return say((await Promise.all(teams.map(team => listed(talk, team)))).join('\n\n'))
  const found = await personByName(tx, ctx.company, who)
  const inside = found ? teams.filter(({ id }) => rolesIn(found, id).length > 0) : []
  const [team] = inside
  if (!found || !team)
    throw new Refusal('person', `你的班组里没有叫「${who}」的人，没有改动。请写全名，比如：岗位 张三 维修工。`)
  if (post === undefined) return say(await shownPost(talk, team, found))
  return say(await changed(talk, team, found, post))
}

type Someone = { id: string; name: string }

async function changed(talk: Talk, team: Team, who: Someone, post: string): Promise<string> {
  const { tx, ctx } = talk
  const { posts } = ctx.policy(team.policy)
  if (posts.length > 0 && !posts.includes(post))
    throw new Refusal('post', `「${team.name}」没有「${post}」这个岗位，没有改动。有：${posts.join('、')}。`)
  if (post.length > 12) throw new Refusal('post', '岗位最多 12 个字，没有改动。')
  const before = await current(talk, team, who)
  if (before?.post === post) return `${who.name} 的岗位本来就是${post}，没有改动。`
  await employ(tx, ctx, { personId: who.id, team }, { post })
  const after = await current(talk, team, who)
  const from = after?.from ?? todayIn(ctx, team)
  const what = before?.post ? `${before.post} → ${post}` : post
  return `✅ ${who.name} 岗位：${what}，从 ${from} 起。本月按月底的岗位算。`
}

async function current(
  { tx, ctx }: Talk,
  team: Team,
  who: Someone,
): Promise<{ post: string | null; from: string } | null> {
  const rows = (await tenuresOf(tx, ctx.company, [who.id])).get(who.id)?.get(team.id)
  return rows?.at(-1) ?? null
}

async function shownPost(talk: Talk, team: Team, who: Someone): Promise<string> {
  const found = await current(talk, team, who)
  const post = found?.post ? `${found.post}（${found.from} 起）` : '还没有定岗位'
  return `${who.name}：${post}。要改请说：岗位 ${who.name} ${talk.ctx.policy(team.policy).posts[0] ?? '维修工'}`
}

async function listed(talk: Talk, team: Team): Promise<string> {
  const { tx, ctx } = talk
  const people = await peopleOf(tx, ctx.company, [team.id])
  const lines = await Promise.all(
    people.map(async who => `${who.name}：${(await current(talk, team, who))?.post ?? '未定'}`),
  )
  const { posts } = ctx.policy(team.policy)
  const known = posts.length > 0 ? `可选：${posts.join('、')}。` : ''
  return [
    `${team.name}的岗位`,
    ...lines,
    `${known}要改请说：岗位 ${people[0]?.name ?? '张三'} ${posts[0] ?? '维修工'}`,
  ].join('\n')
}
