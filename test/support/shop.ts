import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest'
import { freshDatabase, type TestDatabase } from './db.ts'
import { type Setting, World, type WorldOptions } from './world.ts'

export interface Story {
  readonly world: World
  readonly db: TestDatabase
}

/**
 * Where stories are told. What a story costs is telling it, so few are told everywhere:
 * - `everywhere` those that exercise what each mode does in its own way: `day` (cards redrawn, answers, groups, photos, the
 *   day's lists), `desk` (long answers and lists, cards handed on), `dingtalk/ways` (taps delivered twice, cards taken back),
 *   `webhook` (groups with a robot only). What a mode has to keep besides is in `test/contract`.
 * - `onBoth` features: what is said and shown comes out of the same code in every mode, but cards and groups differ between
 *   the platforms. DingTalk is told on the embedded database and WeCom on a server; `STORIES=both` tells each on either.
 * - One world (`eachStory`) where nothing of a platform shows: races, wrong input, trouble in the database.
 *
 * A database server cares for neither: there stories of everywhere are told once more, on WeCom alone. On the embedded one
 * they are told with a team spread over both platforms (DingTalk in Stream mode) and on DingTalk over HTTP: so each mode is
 * shown. `STORIES=both` tells them in every mode.
 */
const onServer = process.env.TEST_DB === 'postgres'
const all = process.env.STORIES === 'both'
const own = (here: Setting[], there: Setting[]): readonly Setting[] => (onServer ? there : here)
const settings = all
  ? (['wecom', 'dingtalk', 'dingtalk-http', 'mixed'] as const)
  : own(['dingtalk-http', 'mixed'], ['wecom'])
const both = all ? (['wecom', 'dingtalk'] as const) : own(['dingtalk'], ['wecom'])

/** The same stories on each platform in each of its modes, and with a team spread over both. */
export function everywhere(tell: (story: Story, on: Setting) => void, options: WorldOptions = {}): void {
  for (const on of settings) describe(`on ${on}`, () => tell(eachStory({ ...options, on }), on))
}

/** On each platform once: for what has nothing to do with how a platform is spoken to, which `everywhere` shows elsewhere. */
export function onBoth(tell: (story: Story, on: Setting) => void, options: WorldOptions = {}): void {
  for (const on of both) describe(`on ${on}`, () => tell(eachStory({ ...options, on }), on))
}

/** A world for each story of a file, on one database that is emptied between them. */
export function eachStory(options: WorldOptions = {}): Story {
  let db: TestDatabase
  let world: World | null = null
  beforeAll(async () => {
    db = await freshDatabase()
  })
  afterAll(() => db.close())
  beforeEach(async () => {
    world = null
    await db.reset()
    world = await World.open(db, options)
  })
  afterEach(async context => {
    // A story that failed has shown what is wrong already: its unread messages would only hide it.
    await (context.task.result?.state === 'fail' ? world?.shut() : world?.close())
  })
  return {
    get world() {
      if (!world) throw new Error('the world is made in beforeEach')
      return world
    },
    get db() {
      return db
    },
  }
}

/** An order opened by a program and given to 张三, everything said about it read. Returns its code. */
export async function givenOrder(
  world: World,
  more: { assign?: string; fault?: string; name?: string; urgent?: boolean } = {},
): Promise<string> {
  const { assign = '张三', fault = '不制冷', name = '王女士', urgent = false } = more
  const made = await world.api<{ code: string }>('POST', '/orders', {
    ...{ team: '一班', kind: 'repair', urgent, fault, ...(assign && { assign }) },
    customer: { name, phone: '13800001234', address: '花园路38号院5号楼1801' },
  })
  if (made.status !== 201) throw new Error(JSON.stringify(made))
  const { code } = made.body
  if (assign) {
    const technician = assign === '张三' ? world.zhang : world.li
    technician.sees(`派工单 ${code}`)
    world.groupSees(`${code} 已派单给${assign}`)
  } else {
    world.zhao.sees(`派工单 ${code}`)
  }
  return code
}

/** Taken by 张三 with the button, and everybody's notices read. */
export async function takenOrder(world: World, more: Parameters<typeof givenOrder>[1] = {}): Promise<string> {
  const code = await givenOrder(world, more)
  const technician = more.assign === '李四' ? world.li : world.zhang
  await technician.taps('接单')
  world.zhao.sees(`${code} ${technician.name} 已接单`)
  world.groupSees(`${code} ${technician.name} 已接单`)
  return code
}
