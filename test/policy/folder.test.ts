import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadPacks } from '../../src/policy/load.ts'

const folder = mkdtempSync(join(tmpdir(), 'packs-'))
afterAll(() => rmSync(folder, { recursive: true }))

const good = '  - { kind: contact, start: dispatched, stop: contacted, within: 2h }'

describe('a folder of packs', () => {
  it('is read by name, and its faults are told together', () => {
    writeFileSync(join(folder, 'a.yaml'), `name: a\nversion: 1\nclocks:\n${good}`)
    writeFileSync(join(folder, 'b.yml'), `name: 乙\nversion: 1\nclocks:\n${good}`)
    writeFileSync(join(folder, 'notes.txt'), 'not a pack')
    expect(loadPacks(folder).keys()).toEqual(['a', '乙'])
    writeFileSync(join(folder, 'c.yaml'), `name: a\nversion: 1\nclocks:\n${good}`)
    writeFileSync(join(folder, 'd.yaml'), `name: d\nversion: one\nclocks:\n${good}`)
    expect(() => loadPacks(folder)).toThrow(
      /^c.yaml: another file of the folder is also named a: give one of them `effective`\nd.yaml:2 version: must be a whole number/,
    )
  })
})
