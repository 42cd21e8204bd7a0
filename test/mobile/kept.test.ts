import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { forgetAnswers, keepAnswer, keepFor, keptAnswer } from '../../src/web/shared/kept.ts'

/** A browser's local storage with room for so many characters. */
class Storage {
  private readonly items = new Map<string, string>()
  room = 5_000_000
  getItem = (key: string): string | null => this.items.get(key) ?? null
  removeItem = (key: string): void => void this.items.delete(key)
  setItem(key: string, text: string): void {
    if (text.length > this.room) throw new Error('QuotaExceededError')
    this.items.set(key, text)
    Object.defineProperty(this, key, { value: text, enumerable: true, configurable: true, writable: true })
  }
}
const open = () => {
  const storage = new Storage()
  // The keys of a browser's storage are its own properties.
  const keys = (target: Storage) => [...(target as unknown as { items: Map<string, string> }).items.keys()]
  const seen = new Proxy(storage, {
    ownKeys: keys,
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  })
  vi.stubGlobal('localStorage', seen)
  return storage
}
let storage: Storage
beforeEach(() => {
  storage = open()
})
afterEach(() => vi.unstubAllGlobals())

it('what was read is there for the same session, and gone for another one and after signing out', () => {
  keepAnswer('/m/api/orders', { open: ['1001'] })
  expect(keptAnswer('/m/api/orders')).toBeNull()
  keepFor('token-of-zhang-1')
  keepAnswer('/m/api/orders', { open: ['1001'] })
  keepFor('token-of-zhang-1')
  expect(keptAnswer('/m/api/orders')?.body).toEqual({ open: ['1001'] })
  keepFor('other-of-li-1')
  expect(keptAnswer('/m/api/orders')).toBeNull()
  keepAnswer('/m/api/orders', { open: ['1002'] })
  forgetAnswers()
  expect(keptAnswer('/m/api/orders')).toBeNull()
  keepAnswer('/m/api/orders', { open: ['1002'] })
  expect(keptAnswer('/m/api/orders')).toBeNull()
})

it('no more than forty are kept, those read last', () => {
  vi.useFakeTimers({ now: 0 })
  keepFor('token-of-zhang-1')
  for (let code = 1; code <= 50; code++) {
    vi.setSystemTime(code)
    keepAnswer(`/m/api/orders/${code}`, { code })
  }
  vi.useRealTimers()
  expect([10, 11, 50].map(code => keptAnswer(`/m/api/orders/${code}`) !== null)).toEqual([false, true, true])
})

it('a full phone keeps nothing old under a new name, and the page goes on', () => {
  keepFor('token-of-zhang-1')
  keepAnswer('/m/api/orders', { open: ['1001'] })
  storage.room = 10
  keepAnswer('/m/api/orders', { open: ['1001', '1002'] })
  expect(keptAnswer('/m/api/orders')).toBeNull()
})
