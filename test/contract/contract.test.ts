import { afterAll, beforeAll, beforeEach } from 'vitest'
import { freshDatabase, type TestDatabase } from '../support/db.ts'
import { plain, sandboxed } from './benches.ts'
import { contract } from './suite.ts'

let db: TestDatabase
beforeAll(async () => {
  db = await freshDatabase()
})
afterAll(() => db.close())
beforeEach(() => db.reset())

contract('WeCom', () => sandboxed(db, 'wecom'))
contract('DingTalk in Stream mode', () => sandboxed(db, 'dingtalk'))
contract('DingTalk in HTTP mode', () => sandboxed(db, 'dingtalk-http'))
contract('a third platform', () => plain(db))
