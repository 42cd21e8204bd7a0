import { expect, it } from 'vitest'
import { Turns } from '../../src/chat/turns.ts'

it('begins what is of one name one after the other, also after a failure, and lets other names pass', async () => {
  const turns = new Turns()
  const seen: string[] = []
  let fail: (error: Error) => void = () => {}
  const first = turns.take(
    '张三',
    () =>
      new Promise<void>((_, reject) => {
        fail = reject
      }),
  )
  const second = turns.take('张三', async () => void seen.push('张三 2'))
  const other = turns.take('李四', async () => void seen.push('李四 1'))
  await other
  expect(seen).toEqual(['李四 1'])
  await Promise.resolve()
  fail(new Error('the first came to nothing'))
  await expect(first).rejects.toThrow('the first came to nothing')
  await second
  expect(seen).toEqual(['李四 1', '张三 2'])
  await turns.take('张三', async () => void seen.push('张三 3'))
  expect(seen.at(-1)).toBe('张三 3')
})
