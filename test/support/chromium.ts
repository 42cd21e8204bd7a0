import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { expect } from 'vitest'
import type { PlatformName } from '../../src/chat/inbound.ts'
import { projectRoot } from '../../src/root.ts'
import type { World } from './world.ts'

/** Windows in which pages are looked at. */
export const windows = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
} as const
export type WindowName = keyof typeof windows
export const windowNames = Object.keys(windows) as WindowName[]

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const names = ['chromium', 'chromium-browser', 'google-chrome', 'chrome']

function findChromium(): string {
  const places = (process.env.PATH ?? '').split(delimiter).flatMap(folder => names.map(name => join(folder, name)))
  const found = [process.env.CHROMIUM ?? '', ...places].find(path => path !== '' && existsSync(path))
  if (!found)
    throw new Error('No Chromium: install it (Debian: apt-get install chromium), or name its path in CHROMIUM.')
  return found
}

/** Chromium with the pages of one story. What a page complains of fails the story. */
export class Windows {
  private browser: Browser | null = null
  private readonly contexts: BrowserContext[] = []
  readonly complaints: string[] = []

  async open(): Promise<void> {
    this.browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] })
  }

  async close(): Promise<void> {
    await this.browser?.close()
  }

  /** A window of its own, with nobody signed in. */
  async blank(name: WindowName, more: { dark?: boolean; as?: string } = {}): Promise<Page> {
    if (!this.browser) throw new Error('open first')
    const context = await this.browser.newContext({
      ...windows[name],
      ...{
        colorScheme: more.dark ? 'dark' : 'light',
        reducedMotion: 'reduce',
        locale: 'zh-CN',
        timezoneId: 'Asia/Shanghai',
      },
      ...(more.as && { userAgent: more.as }),
    })
    this.contexts.push(context)
    const page = await context.newPage()
    page.setDefaultTimeout(20_000)
    page.on('pageerror', error => this.complaints.push(`page error: ${error.message}`))
    page.on('console', message => {
      if (message.type() === 'error') this.complaints.push(`console: ${message.text()} (${message.location().url})`)
    })
    return page
  }

  /** Somebody of the demo team, signed in as one does, at an address. */
  async signedIn(
    world: World,
    userId: string,
    path: string,
    {
      window = 'desktop',
      dark = false,
      road = world.on[0] ?? 'wecom',
    }: { window?: WindowName; dark?: boolean; road?: PlatformName } = {},
  ): Promise<Page> {
    const page = await this.blank(window, { dark })
    await page.goto(`${world.url}/login/${road}?next=${encodeURIComponent(path)}`)
    await page.locator(`a[href*="as=${userId}"]`).click()
    await page.waitForURL(`**${path}`)
    return page
  }

  /** What pages complained of since it was asked last; where it is expected, it is named. */
  quiet(expected: readonly RegExp[] = []): void {
    const heard = this.complaints.splice(0)
    expect(heard.filter(one => !expected.some(pattern => pattern.test(one)))).toEqual([])
  }

  async endStory(): Promise<void> {
    await Promise.all(this.contexts.splice(0).map(context => context.close()))
  }
}

interface Finding {
  id: string
  impact: string | null
  nodes: Array<{ target: string[]; failureSummary?: string }>
}

/** No finding of axe that is serious or worse, and nothing wider than the window. */
export async function expectReadable(page: Page, where = ''): Promise<void> {
  // A content security policy that lets no foreign script in holds for the page's own world only.
  const session = await page.context().newCDPSession(page)
  await session.send('Page.setBypassCSP', { enabled: true })
  await page.evaluate(axe)
  const findings = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: Finding[] }> } }).axe
      .run({ resultTypes: ['violations'] })
      .then(({ violations }) => violations),
  )
  const serious = findings.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  const told = serious.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary ?? ''}`).join('\n')}`,
  )
  if (told.length > 0) throw new Error(`${where} ${told.join('\n')}`)
  const { wide, window } = await page.evaluate(() => ({
    wide: document.documentElement.scrollWidth,
    window: document.documentElement.clientWidth,
  }))
  expect(wide, `nothing is wider than the window ${where}`).toBeLessThanOrEqual(window)
}

/** Where a picture for the docs is put when `PICTURES` names a folder; else none is made. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.PICTURES
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`) })
}

export const distFolder = join(projectRoot, 'dist/web')
