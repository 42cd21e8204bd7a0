import { afterAll, beforeAll, expect, it } from 'vitest'
import { chatComposers } from '../../src/chat/compose.ts'
import { demoTeam } from '../../src/demo.ts'
import type { Composer } from '../../src/outbox/compose.ts'
import { put } from '../../src/outbox/store.ts'
import { drawRankingPage, type RankingPicture } from '../../src/settlement/picture.ts'
import { onBoth } from '../support/shop.ts'

const ranking: RankingPicture = {
  ...{ team: '一班', month: '2026-10', scoreName: '积分', footer: '按「默认规则」第 1 版计算' },
  figures: [{ label: '完成单数', value: '96' }],
  people: [
    { rank: 1, name: '张三', score: '1,280', share: 1, moved: 1 },
    { rank: 2, name: '李四', score: '960', share: 0.75, moved: -1 },
  ],
}

// Notes are pictures in this file: who gets one is in the row, what it shows is drawn when it is sent.
const { note } = chatComposers
const pictureNote: Composer = async row => {
  const { group } = row.data as { group?: 'wecom' | 'dingtalk' }
  return {
    to: group ? { group: demoTeam.groups[group], platform: group, via: 'bot' } : { person: row.personId ?? '' },
    message: async () => ({
      ...{ kind: 'picture', png: await drawRankingPage(ranking, 0), name: '排名.png', alt: '10月：第 1 名 张三' },
    }),
  }
}
beforeAll(() => void Object.assign(chatComposers, { note: pictureNote }))
afterAll(() => void Object.assign(chatComposers, { note }))

onBoth(story => {
  it('a row of the outbox becomes a picture when it is sent: in the group and in one’s own chat', async () => {
    const { world } = story
    const { app, clock, db, zhang } = world
    const [on] = world.on
    const { id: person } = await db.prisma.person.findFirstOrThrow({ where: { name: '张三' } })
    const chatId = demoTeam.groups[on as 'wecom']
    await put(
      db.prisma,
      app.ctx.company,
      [
        { kind: 'note', to: { platform: on ?? '', chatId }, data: { group: on }, dedupeKey: 'picture:group' },
        { kind: 'note', to: { person }, dedupeKey: 'picture:zhang' },
      ],
      clock.now(),
    )
    await world.settle()
    const posted = await world.groupSeesPicture('一班 2026年10月月度排名')
    expect(posted.subarray(1, 4).toString()).toBe('PNG')
    expect(Buffer.compare(posted, await zhang.seesPicture(/月度排名/))).toBe(0)
    expect(Buffer.compare(posted, await drawRankingPage(ranking, 0))).toBe(0)
  })
})
