import { beforeEach, expect, it } from 'vitest'
import { type Furnished, furnish } from '../console/furnished.ts'
import { expectReadable, picture, Windows } from '../support/chromium.ts'
import { inBrowser } from '../support/pagestory.ts'

/** What is still being read. */
const reading = '.waiting, [aria-busy="true"]'

inBrowser(
  (story, window) => {
    let at: Furnished
    beforeEach(async () => {
      at = await furnish(story.world)
    })

    /** Opens pages one after the other; each can be read, by those with a reader as well, and complains of nothing. */
    async function looksAt(userId: string, paths: ReadonlyArray<readonly [string, RegExp]>, dark: boolean) {
      const { world, windows } = story
      const page = await windows.signedIn(world, userId, '/console/', { window, dark })
      for (const [path, heading] of paths) {
        await page.goto(`${world.url}/console${path}`)
        await page.locator('main h2').first().waitFor()
        await expect.poll(() => page.locator(reading).count()).toBe(0)
        expect.soft(await page.locator('main h2').first().textContent(), path).toMatch(heading)
        expect.soft(await page.locator('main [role="alert"]').allTextContents(), path).toEqual([])
        await expectReadable(page, path)
        await picture(page, `console${path.replaceAll(/[/:]+/g, '-')}-${window}`)
      }
      windows.quiet()
      world.ignore()
    }

    const encode = encodeURIComponent

    it('a manager of the company reads every part', async () => {
      await at.manageAll()
      const { person, leave, incident, month, team } = at.own
      await looksAt(
        'wangjingli',
        [
          ['/calls', /回访/],
          ['/imports', /./],
          ['/people', /人员/],
          [`/people/${person}`, /张三/],
          ['/people/new', /./],
          ['/teams', /./],
          ['/leave', /./],
          ['/leave/requests', /./],
          [`/leave/requests/${encode(leave)}`, new RegExp(leave)],
          ['/leave/new', /./],
          ['/attendance', /./],
          ['/incidents', /./],
          [`/incidents/${encode(incident)}`, new RegExp(incident)],
          ['/incidents/new', /./],
          [`/month?team=${team}&month=${month}`, /月结/],
          ['/policies', /./],
          ['/policies/aircon-shop/1', /./],
          ['/ops', /./],
          ['/ops/health', /./],
          ['/ops/audit', /./],
          ['/ops/privacy', /运行/],
          ['/ops/tokens', /./],
        ],
        window === 'phone',
      )
    })

    it('a technician reads what is his, finance the month', async () => {
      const { leave, incident } = at.own
      await looksAt(
        'zhangsan',
        [
          ['/leave', /./],
          [`/leave/requests/${encode(leave)}`, new RegExp(leave)],
          ['/incidents', /./],
          [`/incidents/${encode(incident)}`, new RegExp(incident)],
          ['/month', /月结|工资/],
        ],
        window === 'desktop',
      )
      await looksAt('lisi', [['/month', /月结/]], false)
    })
  },
  { bot: false },
)

it('the check itself finds what cannot be read', async () => {
  const windows = new Windows()
  await windows.open()
  const page = await windows.blank('phone')
  const body = (inner: string) =>
    page.setContent(
      `<!doctype html><html lang="zh"><meta name="viewport" content="width=device-width"><title>派工</title><main>${inner}</main>`,
    )
  await body('<h1>派工</h1><label>电话 <input></label>')
  await expectReadable(page)
  await body('<h1>派工</h1><input>')
  await expect(expectReadable(page)).rejects.toThrow(/label/)
  await body('<h1>派工</h1><p style="color:#ccc;background:#fff">浅灰</p>')
  await expect(expectReadable(page)).rejects.toThrow(/color-contrast/)
  await body('<h1>派工</h1><p style="width:900px">宽</p>')
  await expect(expectReadable(page)).rejects.toThrow(/wider/)
  await windows.close()
})
