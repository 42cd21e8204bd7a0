import { afterAll, afterEach, beforeAll, describe } from 'vitest'
import type { PlatformName } from '../../src/chat/inbound.ts'
import { type WindowName, Windows, windowNames } from './chromium.ts'
import { eachStory, type Story } from './shop.ts'
import type { WorldOptions } from './world.ts'

export interface PageStory extends Story {
  readonly windows: Windows
}

const platforms: readonly PlatformName[] = ['wecom', 'dingtalk']

/** The same stories in a real browser: on a desk's window and a phone's, the team on WeCom and on DingTalk. */
export function inBrowser(
  tell: (story: PageStory, window: WindowName, on: PlatformName) => void,
  options: WorldOptions & { windows?: readonly WindowName[] } = {},
): void {
  // Each window with each platform would tell everything twice: a page knows nothing of the platform it is not opened in.
  for (const window of options.windows ?? windowNames) {
    const on = platforms[windowNames.indexOf(window)] ?? 'wecom'
    describe(`${window}, ${on}`, () => {
      const story = eachStory({ ...options, on, pages: true })
      const windows = new Windows()
      beforeAll(() => windows.open())
      afterAll(() => windows.close())
      afterEach(() => windows.endStory())
      tell(Object.assign(Object.create(story), { windows }) as PageStory, window, on)
    })
  }
}
