import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { CustomerPhone, scan } from '../support/customer.ts'
import { textOf } from '../support/screen.ts'
import { givenOrder, onBoth, takenOrder } from '../support/shop.ts'
import type { World } from '../support/world.ts'

/** Every customer is called back within two days; one who is content with his own rating need not be. */
const policy = `
name: default
version: 1
clocks:
  - { kind: dispatch, start: created, stop: dispatched, within: 30m }
  - { kind: revisit, start: [completed, emptyRun], stop: revisited, within: 2d }
revisit: { form: 100, rating: { settles: true } }
incidents:
  items:
    - { name: 客户不满意, points: -2, rule: R9.3, from: { order: unhappy } }
`

interface Shown {
  state: string
  revisit: { at: string | null; grade: number | null; rating: { grade: number; tags: string[]; words: string } | null }
  clocks: Array<{ kind: string; state: string }>
  timeline: Array<{ fact: string; via: string; by: object | null; words?: string }>
}

const shown = async (world: World, code: string): Promise<Shown> =>
  (await world.api<Shown>('GET', `/orders/${code}`)).body
const ratedIn = async (world: World, code: string): Promise<number> =>
  (await shown(world, code)).timeline.filter(({ fact }) => fact === 'rated').length
const clockOf = ({ clocks }: Shown): string | undefined => clocks.find(({ kind }) => kind === 'revisit')?.state

/** Done by 张三, who is told how to have it rated. */
async function doneOrder(world: World, name = '王小明'): Promise<string> {
  const code = await takenOrder(world, { name })
  await world.zhang.says(`完工 ${code} 换了电容 收费80`)
  world.zhang.sees(new RegExp(`✅ ${code} 已完工[\\s\\S]*请客户评价：回复「评价码 ${code}」`))
  world.zhao.sees(`${code} 张三 已完工`)
  world.groupSees(`${code} 张三 已完工`)
  return code
}

/** The address in the code that 张三 shows. */
async function codeOf(world: World, code: string): Promise<string> {
  await world.zhang.says(`评价码 ${code}`)
  const words = textOf(world.zhang.sees(`⭐ ${code} 的评价码`))
  const link = (await scan(await world.zhang.seesPicture('请扫码评价这次服务'))) ?? ''
  expect(words).toContain(`请点开评价：${link} ，12月24日前有效`)
  return link
}

onBoth(
  story => {
    describe('the customer’s own rating', () => {
      it('from 完工 over the code on the phone to praise in the chat', async () => {
        const { world } = story
        const code = await doneOrder(world)
        const link = await codeOf(world, code)
        expect(link).toMatch(new RegExp(`^${world.url}/r/[A-Za-z0-9_-]{48}$`))

        const phone = new CustomerPhone()
        const page = await phone.opens(link)
        expect(page.status).toBe(200)
        for (const seen of [
          '王**',
          '张师傅',
          '维修 · 不制冷',
          '换了电容',
          '花园路',
          '11月24日',
          '非常满意',
          '很不满意',
          '收费清楚',
        ])
          expect(page.text).toContain(seen)
        for (const hidden of ['小明', '13800001234', '0001234', '38号', '1801', '张三', 'zhangsan', '<script'])
          expect(page.html).not.toContain(hidden)
        expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'.*form-action 'self'/)
        expect(page.headers.get('cache-control')).toBe('no-store')

        const thanks = await phone.rates(link, {
          grade: 5,
          tags: ['准时', '态度好', '不在单子上'],
          words: '师傅很细心',
        })
        expect(thanks.text).toMatch(/谢谢，已收到您的评价.*非常满意.*准时、态度好.*师傅很细心.*想改一下/)
        await world.settle()
        world.zhang.sees(/👍 单 \d+ 王小明 给了「非常满意」（准时、态度好）\n「师傅很细心」/)
        const order = await shown(world, code)
        expect(order.revisit.rating).toMatchObject({ grade: 5, tags: ['准时', '态度好'], words: '师傅很细心' })
        expect(order.timeline.at(-1)).toMatchObject({ fact: 'rated', via: 'page', by: null, words: '师傅很细心' })

        // By this team's policy that was the revisit: the desk has nothing left to do but to close it.
        expect(clockOf(order)).toBe('met')
        world.zhao.cardShows('已回访', '客户自评非常满意', '[结单]')
        await world.zhao.says('待回访')
        world.zhao.sees('没有待回访的单')

        // Sent once more, as phones do: it counts once, and nobody hears of it twice.
        await phone.rates(link, { grade: 5, tags: ['态度好', '准时'], words: ' 师傅很细心\n' })
        expect(await ratedIn(world, code)).toBe(1)
        await world.zhang.says(`评价码 ${code}`)
        world.zhang.sees('客户已经评价过了')
      })

      it('a bad one is the desk’s and the manager’s at once, and stays on the list until somebody called', async () => {
        const { world } = story
        const { zhao, wang } = world
        const code = await doneOrder(world)
        const link = await codeOf(world, code)
        await zhao.taps('满意')
        zhao.cardShows('已回访', '回访：满意')
        await zhao.taps('结单')
        world.zhang.sees('已结单')
        const phone = new CustomerPhone()
        await phone.opens(link)
        const thanks = await phone.rates(link, { grade: 1, tags: ['没修好', '迟到'], words: '还是不凉' })
        expect(thanks.text).toContain('很抱歉没让您满意')
        await world.settle()
        const told = new RegExp(
          `⚠️ 单 ${code} 客户自己评价：很不满意（没修好、迟到）\\n王小明 138\\*\\*\\*\\*1234 · 不制冷（张三做的）\\n「还是不凉」\\n已放进「待回访」`,
        )
        for (const person of [zhao, wang]) person.sees(told)
        await world.forward('5m')
        wang.sees(/奖惩1[\s\S]*客户不满意/)
        // What was closed is open again.
        const order = await shown(world, code)
        expect([order.state, order.revisit.grade, order.revisit.rating?.grade]).toEqual(['completed', 4, 1])
        await zhao.says('待回访')
        zhao.sees(new RegExp(`待回访 1 单[\\s\\S]*🔴 ${code} 王小明.*客户自评很不满意`))
        await zhao.says(`单 ${code}`)
        zhao.sees(`派工单 ${code}`)
        zhao.cardShows('待回访', '客户自评很不满意（没修好、迟到）：还是不凉', '[没打通]')

        await zhao.says(`回访 ${code} 满意 已重新上门修好`)
        zhao.sees(`✅ ${code} 已回访客户`)
        wang.sees(`${code} 赵派工 已回访客户`)
        await zhao.says('待回访')
        zhao.sees('没有待回访的单')
        // What the customer said himself counts, whatever the desk hears afterwards.
        const { credit } = (await story.db.prisma.order.findFirst({ where: { code } })) ?? {}
        expect(credit).toMatchObject({ grade: 1 })
      })

      it('may be changed once within a day, by the phone it came from and no other', async () => {
        const { world } = story
        const { zhao, wang, zhang } = world
        const code = await doneOrder(world)
        const link = await codeOf(world, code)
        const phone = new CustomerPhone()
        await phone.opens(link)
        await phone.rates(link, { grade: 2, tags: ['乱收费'] })
        await world.settle()
        for (const person of [zhao, wang]) person.sees('客户自己评价：不满意（乱收费）')
        await world.forward('5m')
        wang.sees('客户不满意')
        expect(clockOf(await shown(world, code))).toBe('running')

        // The technician has the link, too: he neither reads what was said nor puts it right.
        const other = new CustomerPhone()
        const looked = await other.opens(link)
        expect(looked.text).toContain('已经评价过了')
        expect(looked.text).not.toMatch(/不满意|乱收费|<form/)
        expect((await other.rates(link, { grade: 5 })).text).toContain('已经评价过了')
        expect(await shown(world, code)).toMatchObject({ revisit: { rating: { grade: 2 } } })

        await world.forward('23h')
        world.ignore()
        expect((await phone.opens(link)).text).toMatch(/不满意.*乱收费.*想改一下.*24 小时内可以改一次/)
        const changed = await phone.rates(link, { grade: 4, words: '退了差价' })
        expect(changed.text).toMatch(/满意.*退了差价.*不能再改/)
        await world.settle()
        for (const person of [zhao, wang]) person.sees(/🔔 单 \d+ 客户自己改评为：满意/)
        zhang.sees(/👍 单 \d+ 王小明 给了「满意」\n「退了差价」/)
        // The proposal that came of it is gone with it.
        world.ignore()
        const order = await shown(world, code)
        expect(order.timeline.slice(-2).map(({ fact }) => fact)).toEqual(['undone', 'rated'])
        expect(clockOf(order)).toBe('met')
        await wang.says('奖惩1')
        wang.cardShows('奖惩1 · 张三', '客户自评：乱收费', '撤销原因：客户改了评价')
        world.ignore()
        expect((await phone.rates(link, { grade: 1 })).text).toContain('不能再改')
        expect(await shown(world, code)).toMatchObject({ revisit: { rating: { grade: 4 } } })
      })

      it('is not to be changed a day later, nor given when its time is over; forged addresses say nothing', async () => {
        const { world } = story
        const code = await doneOrder(world)
        const link = await codeOf(world, code)
        const second = await codeOf(world, await doneOrder(world, '李先生'))
        const phone = new CustomerPhone()
        await phone.opens(link)
        await phone.rates(link, { grade: 3 })
        await world.forward('25h')
        world.ignore()
        expect((await phone.rates(link, { grade: 4 })).text).toMatch(/一般.*不能再改/)

        await world.until('2026-12-24T09:01:00+08:00')
        world.ignore()
        for (const late of [await phone.opens(second), await phone.rates(second, { grade: 5 })]) {
          expect(late.status).toBe(410)
          expect(late.text).toContain('评价已截止')
        }
        const token = second.slice(-48)
        const { id } = await story.db.prisma.order.findFirstOrThrow({ where: { code } })
        const slip = world.app.ctx.pages?.slip(id, id).split('/').at(-1) ?? ''
        const forged = [...token].map(
          (sign, at) => `${token.slice(0, at)}${sign === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`,
        )
        // Signed with our own secret, for another purpose.
        const { secret } = await story.db.prisma.pageKey.findFirstOrThrow()
        const said = Buffer.from(token, 'base64url').subarray(0, 20)
        const mac = createHmac('sha256', Buffer.from(secret, 'base64url')).update('slip\nmain\n').update(said).digest()
        const astray = Buffer.concat([said, mac.subarray(0, 16)]).toString('base64url')
        for (const wrong of [...forged, slip, astray, token.slice(1), `${token}A`, 'x', '%00']) {
          const answer = await phone.opens(`${world.url}/r/${wrong}`)
          expect(answer.status, wrong).toBe(404)
          expect(answer.text).not.toMatch(/李先生|截止/)
        }
        await world.zhang.says(`评价码 ${Number(code) + 1}`)
        world.zhang.sees('评价已经截止')
      })

      it('asks again where the form is not whole, and keeps what was filled in', async () => {
        const { world } = story
        const code = await doneOrder(world)
        const link = await codeOf(world, code)
        const phone = new CustomerPhone()
        await phone.opens(link)
        const none = await phone.rates(link, { tags: ['迟到'], words: '等了一天' })
        expect(none.status).toBe(422)
        expect(none.html).toMatch(/role="alert"[^>]*>⚠ 还没选满意度/)
        expect(none.html).toMatch(/value="迟到" checked/)
        expect(none.html).toContain('>等了一天</textarea>')
        for (const grade of ['6', '0', '5; DROP', '']) expect((await phone.rates(link, { grade })).status).toBe(422)
        const family = '👨‍👩‍👧'
        expect((await phone.rates(link, { grade: 4, words: '好'.repeat(301) })).text).toContain('写得太长了')
        expect((await phone.sends(link, { grade: 4, words: '好'.repeat(40_000) })).status).toBe(413)
        expect(await ratedIn(world, code)).toBe(0)
        // Three hundred as people count them.
        const long = `${'好'.repeat(200)}${family.repeat(100)}`
        expect((await phone.rates(link, { grade: 3, words: long })).text).toContain('谢谢')
        expect(await shown(world, code)).toMatchObject({ revisit: { rating: { words: long } } })
      })

      it('counts once when it is sent many times at once, and lets nobody hammer at it', async () => {
        const { world } = story
        const code = await doneOrder(world)
        const link = await codeOf(world, code)
        const phone = new CustomerPhone()
        await phone.opens(link)
        const sent = await Promise.all(Array.from({ length: 9 }, () => phone.sends(link, { grade: 5 })))
        expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([303]))
        await world.settle()
        world.zhang.sees('给了「非常满意」')
        expect(await ratedIn(world, code)).toBe(1)
        await phone.sends(link, { grade: 5 })
        const busy = await phone.rates(link, { grade: 5 })
        expect([busy.status, busy.headers.get('retry-after')]).toEqual([429, '60'])
        await world.forward('2m')
        expect((await phone.rates(link, { grade: 5 })).status).toBe(200)
      })

      it('without cookies it is taken, and can’t be changed', async () => {
        const { world } = story
        const code = await doneOrder(world)
        const link = await codeOf(world, code)
        expect((await new CustomerPhone().rates(link, { grade: 4 })).text).toContain('已经评价过了')
        await world.settle()
        world.zhang.sees('给了「满意」')
        await new CustomerPhone().rates(link, { grade: 1 })
        expect(await ratedIn(world, code)).toBe(1)
      })

      it('the customer’s words are words and nothing else, wherever they are shown', async () => {
        const { world } = story
        const { zhao, wang } = world
        const code = await doneOrder(world)
        const link = await codeOf(world, code)
        const phone = new CustomerPhone()
        await phone.opens(link)
        const evil = [
          '<script>alert(1)</script>"><img src=x onerror=alert(1)>',
          '<a href="http://evil.example">点这里</a> [点这里](http://evil.example) ![x](http://evil.example/x.png)',
          '**粗** # 题 <@all> <font color="warning">红</font> $userName=zhangsan$ 单号 9999',
          '\u202e反\n✅ 1001 已结单\r\n> 引\u0000\u2028行',
        ].join(' ')
        const thanks = await phone.rates(link, { grade: 2, words: evil })
        expect(thanks.html).not.toMatch(/<script|<img|<a |<font/)
        expect(thanks.html).toContain('&#60;script&#62;')
        await world.settle()
        for (const person of [zhao, wang]) {
          const message = person.sees('客户自己评价')
          const { body } = message
          const raw = JSON.stringify(body)
          expect(raw).not.toMatch(/<a href|<script|<img|<@all>|<font|\]\(http|\$userName=|\u202e|\u2028/)
          expect(raw).not.toContain('http://')
          // One line of his, in its brackets.
          expect(textOf(message).split('\n')).toHaveLength(4)
          expect(textOf(message).split('\n')[2]).toMatch(/^「.*」$/)
        }
        world.ignore()
        await zhao.says(`单 ${code}`)
        zhao.sees(`派工单 ${code}`)
        // The card's own link leads to its page.
        const cards = JSON.stringify(zhao.cards()).replaceAll(world.url, 'own')
        expect(cards).not.toMatch(/<a href|<script|<@all>|\]\(http|\$userName=/)
        // Quoted, a number in his words is not taken for the order that is meant.
        const quote = world.messagesFor(wang.userId).findLast(one => textOf(one).includes('客户自己评价'))
        await wang.says('开投诉', quote)
        expect(textOf(wang.sees(/单号/))).not.toContain('9999')
        expect(await story.db.prisma.order.count({ where: { kind: 'complaint' } })).toBe(0)
        await wang.says(`开投诉 ${code}`)
        wang.sees('✅ 1002 已开单')
        world.ignore()
        const complaint = await story.db.prisma.order.findFirst({ where: { kind: 'complaint' } })
        expect(complaint?.fault).toMatch(/^客户评价不满意：/)
      })

      it('an empty run and a complaint have a code as well, a call back has none', async () => {
        const { world } = story
        const { zhang } = world
        const ended = async (kind: string, words: string): Promise<string> => {
          const customer = { name: '王女士', phone: '13800001234', address: '阳光小区3栋' }
          const order = { team: '一班', kind, fault: '说好的没来', assign: '张三', customer }
          const { body } = await world.api<{ code: string }>('POST', '/orders', order)
          await zhang.says(`接单 ${body.code}`)
          await zhang.says(`${words.replace('CODE', body.code)}`)
          world.ignore()
          return body.code
        }
        const empty = await codeOf(world, await ended('repair', '空单 CODE 机器正常'))
        const page = await new CustomerPhone().opens(empty)
        expect(page.text).toContain('张师傅')
        // The address names no road, so none is shown; and of an empty run there is nothing that was done.
        expect(page.text).not.toMatch(/地址|阳光|处理/)
        expect(
          (await new CustomerPhone().opens(await codeOf(world, await ended('complaint', '完工 CODE 已道歉')))).text,
        ).toMatch(/投诉 · 说好的没来.*处理 道歉/)
        const call = await ended('revisit', '完工 CODE 客户满意')
        await zhang.says(`评价码 ${call}`)
        zhang.sees(`${call} 是回访单，本身就是问客户的，不用再评价。`)
      })

      it('the code is the technician’s to show, from his card too, and nobody else’s', async () => {
        const { world } = story
        const { zhang, zhao, li } = world
        const open = await givenOrder(world)
        await zhang.says(`评价码 ${open}`)
        zhang.sees('还没完工，完工以后才有评价码')
        await zhang.taps('接单')
        world.ignore()
        await zhang.says(`到达 ${open}`)
        world.ignore()
        await zhang.taps('完工')
        await zhang.taps('修好了 没收费')
        world.ignore()
        await zhang.taps('评价码')
        zhang.cardShows('的评价码已发到', '[评价码]')
        zhang.sees(`⭐ ${open} 的评价码：下面的图请客户用微信或相机扫`)
        expect(await scan(await zhang.seesPicture('请扫码评价'))).toContain('/r/')
        // He has just done it, so the code needs no number.
        await zhang.says('评价码')
        zhang.sees(`⭐ ${open} 的评价码`)
        await zhang.seesPicture('请扫码评价')

        await li.says(`评价码 ${open}`)
        li.sees('只有做这单的师傅、派工员和经理能要')
        await li.says('评价码')
        li.sees('请带上单号')
        // In the group everybody would read the link.
        await zhao.saysInGroup(`评价码 ${open}`)
        expect(textOf(world.groupSees('评价码已发到你和我的单聊里'))).not.toContain('/r/')
        zhao.sees(`⭐ ${open} 的评价码`)
        expect(await scan(await zhao.seesPicture('请扫码评价'))).toContain('/r/')

        const pages = world.app.ctx.pages
        delete world.app.ctx.pages
        await zhang.says(`评价码 ${open}`)
        zhang.sees('请管理员在 .env 里设好 PUBLIC_URL')
        if (pages) world.app.ctx.pages = pages
      })
    })
  },
  { policy },
)

onBoth(story => {
  it('puts an order on the list also where customers are not called back otherwise, and it was closed', async () => {
    const { world } = story
    const { zhao, wang, zhang } = world
    const code = await doneOrder(world)
    const link = await codeOf(world, code)
    await zhao.says(`结单 ${code}`)
    zhao.sees('已结单')
    zhang.sees('已结单')
    await zhao.says('待回访')
    zhao.sees('没有待回访的单')
    // Content, and no revisit by this policy: nobody has anything to do.
    const phone = new CustomerPhone()
    await phone.opens(link)
    await phone.rates(link, { grade: 4 })
    await world.settle()
    zhang.sees('给了「满意」')
    await zhao.says('待回访')
    zhao.sees('没有待回访的单')
    expect(await shown(world, code)).toMatchObject({ state: 'closed' })
    await phone.rates(link, { grade: 1 })
    await world.settle()
    for (const person of [zhao, wang]) person.sees(/客户自己改评为：很不满意/)
    await zhao.says('待回访')
    zhao.sees(`待回访 1 单`)
    await zhao.says(`单 ${code}`)
    zhao.sees(`派工单 ${code}`)
    await zhao.taps('没打通')
    zhao.cardShows('待回访', '没打通 1 次')
    await zhao.taps('一般')
    zhao.cardShows('已回访', '[结单]')
    wang.sees('已回访客户')
    await zhao.says('待回访')
    zhao.sees('没有待回访的单')
  })
})
