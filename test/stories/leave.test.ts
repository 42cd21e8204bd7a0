import { expect, it } from 'vitest'
import { onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** 张三 asks, and confirms what was understood. Returns the request's number. */
async function asked(world: World, words: string): Promise<string> {
  const { zhang, wang } = world
  await zhang.says(words)
  zhang.sees('请核对')
  await zhang.taps('确认')
  const code = /请假 (假\d+)[\s\S]*已提交/.exec(zhang.cards().at(-1)?.card.text ?? '')?.[1] ?? ''
  wang.sees(`${code} · 张三`)
  return code
}

async function granted(world: World, words: string): Promise<string> {
  const code = await asked(world, words)
  await world.wang.taps('批准')
  world.zhang.sees(`✅ ${code}`)
  world.zhao.sees(`${code}） 已批准`)
  return code
}

const orderOf = async (world: World, code: string) =>
  (await world.api<{ state: string; assignee: { name: string } | null }>('GET', `/orders/${code}`)).body

// Tuesday, 24 November 2026, nine o'clock.
onBoth(story => {
  it('is asked for in a sentence, confirmed, approved on the card, and everybody knows', async () => {
    const { world } = story
    const { zhang, wang, zhao, li } = world
    await zhang.says('请假 明天下午半天 家里有事')
    zhang.sees('请核对')
    zhang.cardShows('事假 半天', '11月25日周三 下午', '家里有事', '扣半天基本工资（R4.1）', '确认后送王经理批')
    await zhang.taps('确认')
    zhang.cardShows('已提交', '等王经理批')
    wang.sees('假1 · 张三')
    wang.cardShows('事假 半天', '本月 0 天，今年 0 天', '那时没有别人请假', '[批准]', '[驳回]', '[改期]')
    await wang.taps('批准')
    wang.cardShows('已批准 · 王经理')
    zhang.sees('✅ 假1（事假 半天，11月25日周三 下午） 已由王经理批准')
    zhao.sees('张三 事假 半天（11月25日周三 下午，假1） 已批准')

    await zhao.says('谁休息 明天')
    zhao.sees('11月25日周三：张三 事假 下午')
    await zhao.says('谁休息 12月1日到12月20日')
    zhao.sees(/12月7日周一：[\s\S]*一次看 7 天，往后的请再问，比如：谁休息 12月8日/)
    await li.says('明天谁休息')
    li.sees('11月25日周三：张三 请假 下午')
    await zhang.says('我的假')
    zhang.sees(/假1 事假 半天｜11月25日周三 下午｜已批准\n事假：本月 半天，今年 半天/)
    zhang.sees('假1 · 张三')
    zhang.cardShows('假1 · 张三', '[撤销]')
  })

  it('is filled in step by step: the day from a button, another type, the reason in words', async () => {
    const { world } = story
    const { zhang, wang } = world
    await zhang.says('请假')
    zhang.sees('哪天？点一个，或直接回复')
    zhang.cardShows('[明天全天]', '[明天上午]', '[明天下午]', '[后天全天]', '[今天下午]', '[取消]')
    await zhang.taps('明天下午')
    zhang.cardShows('事假 半天', '11月25日周三 下午', '直接回复事由就填上', '[改为病假]')
    await zhang.taps('改为病假')
    zhang.cardShows('病假 半天', '[确认]')
    await zhang.says('牙疼去看牙')
    zhang.sees('请核对')
    zhang.cardShows('病假 半天', '牙疼去看牙')
    await zhang.says('确认')
    zhang.sees('已提交 假1（病假 半天，11月25日周三 下午）')
    wang.sees('假1 · 张三')
    wang.cardShows('牙疼去看牙')

    await zhang.says('请假')
    zhang.sees('哪天？')
    await zhang.says('11月30日到12月1日 回老家')
    zhang.sees('请核对')
    zhang.cardShows('事假 2 天', '11月30日周一–12月1日周二', '回老家')
    await zhang.taps('取消')
    zhang.cardShows('已取消，没有提交')
  })

  it('hands open orders back: the visit agreed for that time at once, the rest when it begins; none come meanwhile', async () => {
    const { world } = story
    const { zhang, zhao, wang } = world
    const visit = await takenOrder(world)
    await zhang.says(`已联系 ${visit} 明天上午10点`)
    zhang.sees(`✅ ${visit}`)
    zhao.sees(`${visit} 张三 已联系`)
    world.groupSees(`${visit} 张三 已联系`)
    const other = await takenOrder(world, { name: '李先生' })
    await zhang.says(`挂起 ${other} 等压缩机`)
    zhang.sees(`✅ ${other} 挂起`)
    zhao.sees(`${other} 张三 挂起`)
    const later = await takenOrder(world, { name: '刘先生' })
    await zhang.says(`已联系 ${later} 11月27日上午10点`)
    zhang.sees(`✅ ${later}`)
    zhao.sees(`${later} 张三 已联系`)
    world.groupSees(`${later} 张三 已联系`)

    await zhang.says('请假 明天 家里有事')
    zhang.sees('请核对')
    zhang.cardShows(`约了客户：${visit} 王女士`, `手上还有：${other}、${later}`)
    await zhang.taps('确认')
    wang.sees('假1 · 张三')
    wang.cardShows(`约了客户：${visit} 王女士`, `手上还有：${other}、${later}`)
    await wang.taps('批准')
    zhang.sees(`${visit}`)
    zhang.sees('✅ 假1')
    zhao.sees('假1） 已批准')
    zhao.sees(`退回 1 单，请改派：${visit}`)
    zhao.sees(`派工单 ${visit}`)
    zhao.cardShows(`派工单 ${visit}`, '推荐', '[派给李四]')
    expect(await orderOf(world, visit)).toMatchObject({ state: 'new', assignee: null })
    expect(await orderOf(world, other)).toMatchObject({ state: 'suspended' })
    expect(await orderOf(world, later)).toMatchObject({ assignee: { name: '张三' } })
    world.ignore()

    await world.until('2026-11-25T08:00:00+08:00')
    zhang.sees(`${other}`)
    zhao.sees(`开始，退回 1 单，请改派：${other}`)
    zhao.sees(`派工单 ${other}`)
    const unplaced = await world.api<{ items: Array<{ person: { name: string }; obstacle: string | null }> }>(
      'GET',
      `/orders/${other}/candidates`,
    )
    expect(unplaced.body.items.find(({ person }) => person.name === '张三')?.obstacle).toBe('请假')
    // Agreed with the customer for a day when he is back: it stays his.
    expect(await orderOf(world, later)).toMatchObject({ assignee: { name: '张三' } })
    world.ignore()
  })

  it('tells him in one message of all the orders that are taken from him, and the desk of each', async () => {
    const { world } = story
    const { zhang, zhao, wang } = world
    const visits: string[] = []
    for (const [name, time] of [
      ['王女士', '上午10点'],
      ['李先生', '下午2点'],
      ['陈女士', '下午4点'],
    ] as const) {
      const code = await takenOrder(world, { name })
      await zhang.says(`已联系 ${code} 明天${time}`)
      visits.push(code)
    }
    world.ignore()
    const code = await asked(world, '请假 明天 家里有事')
    await wang.taps('批准')
    zhang.sees(
      new RegExp(`^⚠️ 系统 已收回 3 单 \\d\\d:\\d\\d：请假（${code}）\\n${visits.join('、')}\\n这些单不用你处理了。`),
    )
    zhang.sees(`✅ ${code}`)
    zhao.sees(`退回 3 单，请改派：${visits.join('、')}`)
    for (const visit of visits) zhao.sees(`派工单 ${visit}`)
    zhao.sees(`${code}） 已批准`)
  })

  it('is refused with a reason, typed or tapped, and moved to other days with his consent', async () => {
    const { world } = story
    const { zhang, wang, zhao } = world
    const first = await asked(world, '请假 明天 有事')
    await wang.taps('驳回')
    wang.cardShows('为什么驳回', '[人手不够]')
    await wang.says('明天有两台安装要去')
    wang.sees(`已驳回 ${first}（张三 事假 1 天，11月25日周三）：明天有两台安装要去`)
    zhang.sees(`❌ ${first}（事假 1 天，11月25日周三） 没有批准：明天有两台安装要去`)

    const second = await asked(world, '请假 后天 有事')
    await wang.taps('改期')
    wang.cardShows('改到哪天？')
    await wang.says('11月30日 店里忙')
    wang.sees(`已建议 张三 把 ${second} 改到 11月30日周一`)
    zhang.sees(`${second} · 张三`)
    zhang.cardShows('等你答复改期', '王经理建议改到 11月30日周一，1 天：店里忙', '[同意改期]', '[不同意]')
    await zhang.taps('不同意')
    wang.sees(`张三 不同意 ${second} 改期`)
    await wang.says(`改期 ${second} 11月27日`)
    wang.sees(`已建议 张三 把 ${second} 改到 11月27日周五`)
    zhang.sees(`${second} · 张三`)
    await zhang.says('同意')
    world.ignore()
    await zhang.says(`同意 ${second}`)
    zhang.sees(`✅ ${second}（事假 1 天，11月27日周五） 已生效`)
    zhao.sees(`张三 事假 1 天（11月27日周五，${second}） 已批准`)
    wang.sees(`✅ 张三 同意把 ${second} 改到 11月27日周五，共 1 天`)
    await zhang.says(second)
    zhang.sees(`${second} · 张三`)
    zhang.cardShows('已批准 · 王经理')
    world.ignore()
  })

  it('is taken back before it begins, extended before it ends, and ended early', async () => {
    const { world } = story
    const { zhang, wang, zhao } = world
    const first = await granted(world, '请假 后天 有事')
    await zhang.says('撤销请假')
    zhang.sees(`✅ ${first} 已取消，照常上班`)
    zhao.sees(`${first}） 取消，照常上班`)

    const second = await granted(world, '请病假 今天到明天 发烧')
    zhao.sees(/假\d+） 开始，手上没有单/)
    await zhang.says('续假 1天 还没退烧')
    zhang.sees('请核对')
    zhang.cardShows('续假 · 张三', '续病假 1 天', '11月26日周四')
    await zhang.taps('确认')
    wang.sees('续假 假')
    await wang.says('批准')
    wang.sees(/✅ 已批准 假\d+（张三 续病假 1 天，11月26日周四）/)
    zhang.sees('续病假 1 天，11月26日周四） 已由王经理批准')
    zhao.sees('续病假 1 天')

    await world.until('2026-11-25T12:30:00+08:00')
    world.ignore()
    // The one that is running, not the longer one that is ahead.
    await zhang.says('销假')
    zhang.sees(new RegExp(`已销假：${second} 改为 ${second} 病假 1\\.5 天`))
    zhao.sees(`张三 提前回来：${second} 缩短到`)
    await world.until('2026-11-25T18:10:00+08:00')
    expect(JSON.stringify(world.unseen())).not.toContain('今天到期')
    world.ignore()
  })

  it('tells whoever asks for what can’t be had what to do instead', async () => {
    const { world } = story
    const { zhang, wang } = world
    const refused: Array<[said: string, answer: string]> = [
      ['请假 昨天 有事', '那个日子已经过去了'],
      ['请假 11月20号', '太远了'],
      ['请假 11月27日到11月25日', '结束比开始早'],
      ['请假 今天早上7点到7点半 有事', '已经过去了'],
      ['请假两天 有事', '从哪天开始'],
      ['请假 明天半天', '半天是上午还是下午'],
      ['请假 今晚8点到9点 有事', '不在上班时间'],
      ['年假 12月1日到12月8日', '年假2026年最多 5 天，已用 0 天，这次要 8 天'],
      ['批准 假9', '没有找到 假9'],
      ['销假', '没有待批或要休的假'],
      ['续假 1天', '没有待批或要休的假'],
      ['驳回', '没有等你批的假'],
    ]
    for (const [said, answer] of refused) {
      await zhang.says(said)
      zhang.sees(answer)
    }
    const code = await asked(world, '请假 明天到后天 有事')
    await zhang.says('请假 后天 有事')
    zhang.sees(`11月26日周四你已经有 ${code}，日子重了`)
    await zhang.says(`批准 ${code}`)
    zhang.sees(`${code} 是你自己的假，不能自己批`)
    await world.li.says(`批准 ${code}`)
    world.li.sees(`没有找到 ${code}`)
    await world.zhao.says(`批准 ${code}`)
    world.zhao.sees(`${code} 现在不归你批`)
    await zhang.says(`撤回 ${code}`)
    zhang.sees(`已撤回 ${code}`)
    wang.sees('本人已撤回')
    await wang.says(`批准 ${code}`)
    wang.sees(`${code} 已由张三撤回，这次没有改动`)
  })

  it('reminds whoever has to decide, and lapses when nobody does', async () => {
    const { world } = story
    const { zhang, wang } = world
    const code = await asked(world, '请假 11月30日 有事')
    await world.until('2026-11-24T10:59:00+08:00')
    await world.until('2026-11-24T11:00:00+08:00')
    wang.sees(`⏰ 张三 事假 1 天（11月30日周一）从 今天 09:00 等你批`)
    await world.until('2026-11-25T08:30:00+08:00')
    wang.sees('⏰ 张三')
    await world.until('2026-11-27T17:59:00+08:00')
    await world.until('2026-11-27T18:00:00+08:00')
    zhang.sees(`${code}（事假 1 天，11月30日周一） 一直没有人批，已经作废`)
    wang.sees('一直没批，已经作废')
  })
})
