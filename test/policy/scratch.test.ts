import { loadPacks, readPolicy } from '../../src/policy/load.ts'
import { test } from 'vitest'
test("x", () => { console.log(JSON.stringify([...loadPacks('src/policy/packs')][0], null, 1).slice(0, 1500))
try { readPolicy(`name: x
version: 1
colour: red
clocks:
  - kind: contact
    start: 派单
    stop: 已联系
    within: 30
    warn: [45m, 0%]
  - kind: foo
    start: dispatched
    within: 30m
    warn: [45m, {at: 10m, tel: x}]
    overdue: [{after: 5m, tell: boss}]
  - kind: accept
    start: dispatched
    stop: accepted
    within: 30m
    basis: working
    warn: [45m, 80%, 80%]
    overdue: [{after: 5m, tell: 经理}, {after: 5m, tell: []}]
`, 't.yaml') } catch (e) { console.log((e as Error).message) }
})
