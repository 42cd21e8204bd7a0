import { expect, it } from 'vitest'
import { employedIn } from '../../src/people/employment.ts'
import { eachStory } from '../support/shop.ts'

const policy = `
name: staffed
version: 1
posts: [安装工, 维修工]
clocks:
  - { kind: contact, start: dispatched, stop: contacted, within: 2h }
`
const story = eachStory({ empty: true, policy })

it('people have a time in each team: since when, as what, and until when', async () => {
  const { world, db } = story
  for (const name of ['三班', '四班']) await world.api('POST', '/teams', { name, policy: 'staffed' })
  const wang = { name: '王五', team: '三班', roles: ['technician'] }
  expect(await world.api('POST', '/people', { ...wang, post: '厨师' })).toMatchObject({
    status: 422,
    body: {
      errors: [{ path: 'post', message: '"三班" has no post "厨师": its policy "staffed" lists 安装工、维修工' }],
    },
  })
  expect(await world.api('POST', '/people', { name: '王五', post: '安装工' })).toMatchObject({ status: 422 })
  const made = await world.api<{ id: string }>('POST', '/people', { ...wang, post: '安装工', joinedOn: '2026-10-08' })
  const four = { ...wang, team: '四班' }
  expect(made.body).toMatchObject({ post: '安装工', joinedOn: '2026-10-08', leftOn: null })
  await world.api('POST', '/people', four)
  const patch = (body: object) => world.api('PATCH', `/people/${made.body.id}`, body)
  expect(await patch({ leftOn: '2026-11-20' })).toMatchObject({ status: 422, body: { errors: [{ path: 'team' }] } })
  expect((await patch({ team: '三班', post: '维修工' })).body).toMatchObject({
    memberships: [
      { team: '三班', post: '维修工', joinedOn: '2026-10-08' },
      { team: '四班', joinedOn: '2026-11-24' },
    ],
  })
  const team = await db.prisma.team.findFirstOrThrow({ where: { name: '三班' } })
  const month = (from: string, to: string) => employedIn(db.prisma, 'main', team.id, from, to)
  expect(await month('2026-11-01', '2026-11-30')).toMatchObject([
    { name: '王五', post: '维修工', from: '2026-11-01', days: 30, changes: [{ day: '2026-11-24', post: '维修工' }] },
  ])
  expect((await patch({ team: '三班', leftOn: '2026-11-23' })).body).toMatchObject({
    ...{ joinedOn: '2026-11-24', leftOn: null, memberships: [{ team: '四班' }] },
  })
  expect(await month('2026-11-01', '2026-11-30')).toMatchObject([{ post: '安装工', to: '2026-11-23', days: 23 }])
  expect(await month('2026-11-24', '2026-11-30')).toEqual([])
  // With his last team he is gone; entered again he is there from then on.
  expect((await patch({ leftOn: '2026-11-24' })).body).toMatchObject({ leftOn: '2026-11-24', memberships: [] })
  expect(await db.prisma.person.findFirst({ where: { name: '王五' } })).toMatchObject({ active: false })
  expect((await world.api('POST', '/people', wang)).body).toMatchObject({ post: '安装工', joinedOn: '2026-10-08' })
  expect((await patch({ active: false })).body).toMatchObject({ leftOn: '2026-11-24' })
  expect((await patch({ active: true })).body).toMatchObject({ joinedOn: '2026-10-08', leftOn: null })
})
