import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import type { LeaveDone } from '../../src/console/leavewire.ts'
import type { MonthChoice } from '../../src/console/monthwire.ts'
import { Desk } from '../console/desk.ts'
import { november, ownPolicy } from '../mobile/november.ts'
import { expectReadable, picture } from '../support/chromium.ts'
import { inBrowser } from '../support/pagestory.ts'

/** Photos that the service would not have, as an earlier visit left them on the phone. */
const keepPhotos = (page: Page, owners: string[]): Promise<void> =>
  page.evaluate(
    all =>
      new Promise<void>(done => {
        const request = indexedDB.open('paigong.photos', 1)
        request.onsuccess = () => {
          const work = request.result.transaction('photos', 'readwrite')
          const kept = { code: '1001', of: null, addedAt: 1, tries: 1, nextAt: 1, refused: '太大', picture: new Blob() }
          for (const owner of all) work.objectStore('photos').put({ ...kept, id: owner, owner })
          work.oncomplete = () => {
            request.result.close()
            done()
          }
        }
      }),
    owners,
  )

const ownersOf = (page: Page): Promise<string[]> =>
  page.evaluate(
    () =>
      new Promise<string[]>(done => {
        const request = indexedDB.open('paigong.photos', 1)
        request.onsuccess = () => {
          const all = request.result.transaction('photos').objectStore('photos').getAll()
          all.onsuccess = () => done(all.result.map(({ owner }: { owner: string }) => owner))
        }
      }),
  )

inBrowser(
  story => {
    it.each([false, true])('leave, pay and oneself on the phone, dark: %s', async dark => {
      const { world, windows } = story
      const { code, fine } = await november(story)
      await world.until('2026-12-01T09:00:00+08:00')
      await world.forward('1m')
      const manager = await Desk.open(world, 'wangjingli')
      const [team] = (await manager.get<MonthChoice>('/months')).body.teams
      await manager.does('POST', `/months/${team?.id}/2026-11/publish`)
      world.ignore()

      const page = await windows.signedIn(world, 'zhangsan', '/m/', { window: 'phone', dark })
      const tab = (name: string) => page.getByRole('tab', { name })
      const button = (name: string) => page.getByRole('button', { name, exact: true })
      const seen = async (name: string) => {
        await expectReadable(page)
        await picture(page, `m-${name}-${dark ? 'dark' : 'light'}`)
      }
      await page.getByText('你手上没有进行中的单').waitFor()
      await seen('list')

      // Leave: by the keyboard to its tab; what it costs stands there before it is asked.
      await tab('请假').focus()
      await page.keyboard.press('Enter')
      await page.getByText('还没有请过假').waitFor()
      await seen('leave-none')
      await page.getByRole('link', { name: '请假' }).click()
      await page.getByText('扣 1 天基本工资').or(page.getByText('R4.1')).first().waitFor()
      await page.getByLabel('到几点').fill('11:00')
      await page.getByText('2 小时').first().waitFor()
      await page.getByLabel('什么假').selectOption('病假')
      await page.getByLabel('从哪天').fill('2026-12-03')
      await page.getByText('12月3日').first().waitFor()
      await page.getByLabel('事由').fill('家里有事')
      await seen('leave-ask')
      await button('提交申请').click()
      await page.getByText('等王经理批').first().waitFor()
      await seen('leave-asked')
      await button('撤回申请').click()
      await page.getByText('撤回以后这个申请就没有了').waitFor()
      await seen('leave-withdraw')
      await page.getByRole('dialog').getByRole('button', { name: '撤回申请' }).click()
      await page.getByRole('status').first().waitFor()
      await seen('leave-withdrawn')
      await button('返回').click()

      // What was granted is prolonged, or ended early.
      const own = await Desk.open(world, 'zhangsan')
      const days = { from: { day: '2026-12-01', minute: 0 }, to: { day: '2026-12-04', minute: 1440 } }
      const wish = { person: own.id, type: '病假', ...days, reason: '发烧' }
      const { leave } = (await own.does<LeaveDone>('POST', '/leave/requests', wish)).body
      const path = `/leave/requests/${encodeURIComponent(leave.code)}`
      await manager.does('POST', path, { act: 'approve', version: leave.version })
      await page.goto(`${world.url}/m${path}`)
      await button('续假').click()
      await page.getByLabel('续几天').fill('1')
      await seen('leave-extend')
      await page.getByRole('button', { name: '先不办' }).click()
      await page.getByText('续假要再批一次').waitFor({ state: 'hidden' })
      await button('提前回来').click()
      await button('到那天').click()
      await page.getByLabel('哪天').fill('2026-12-03')
      await seen('leave-return')
      await page.getByRole('dialog').getByRole('button', { name: '提前回来' }).click()
      await page.getByRole('status').first().waitFor()
      await seen('leave-granted')

      // Pay: a line opens to what it was reckoned from, and is appealed there.
      await page.goto(`${world.url}/m/pay`)
      await page.getByText('2026年11月').waitFor()
      await seen('pay')
      await page.getByText('2026年11月').click()
      await page.locator('summary', { hasText: '提成' }).click()
      expect(await page.getByRole('link', { name: code }).first().getAttribute('href')).toBe(`/m/orders/${code}`)
      await page.getByRole('button', { name: '这一项不对，申诉' }).first().click()
      await page.getByLabel('哪里不对').fill('3日那单没算')
      await seen('pay-appeal')
      await button('提交申诉').click()
      await page.getByText('「提成」的申诉已发给经理').waitFor()
      await seen('pay-slip')

      // Himself: points with what earned them, the fine and its appeal.
      await page.goto(`${world.url}/m/me`)
      await page.getByText('本月积分').waitFor()
      await seen('me')
      await page.getByRole('link', { name: '看明细' }).click()
      await button('上个月').click()
      await page.getByRole('link', { name: code }).waitFor()
      await seen('me-points')
      await page.getByRole('link', { name: fine }).click()
      await button('申诉').click()
      await page.getByLabel('为什么申诉').fill('那天送去洗了')
      await seen('me-incident')
      await button('提交申诉').click()
      await page.getByText('申诉中').or(page.getByText('已提交')).first().waitFor()
      await seen('me-appealed')

      // The other language, and out: nothing of his stays on the phone, and what is another's does.
      const { person } = await (await page.request.get(`${world.url}/session`)).json()
      await keepPhotos(page, [person.id, 'somebody else'])
      await page.goto(`${world.url}/m/me`)
      await button('English').click()
      await page.getByText('Points this month').waitFor()
      await seen('me-english')
      await button('Sign out').click()
      await page.getByText('Photos not sent yet: 1').waitFor()
      await seen('me-out')
      await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
      await page.waitForURL(/login/)
      expect((await page.request.get(`${world.url}/session`)).status()).toBe(401)
      expect(await ownersOf(page)).toEqual(['somebody else'])
      world.ignore()
      windows.quiet([/401/, /favicon\.ico/])
    })
  },
  { policy: ownPolicy, windows: ['phone'] },
)
