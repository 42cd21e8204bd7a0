import { z } from 'zod'

/** Customers that are marked (重点客户, R1.12): by words of their name or address, or by what they bought. */
export const keyCustomerRule = z
  .strictObject({
    words: z.array(z.string().min(1)).default([]),
    /** Yuan of one purchase, this amount included («1 万元以上»). */
    overAmount: z.number().positive('must be an amount in yuan').optional(),
  })
  .check(context => {
    if (context.value.words.length > 0 || context.value.overAmount !== undefined) return
    context.issues.push({
      ...{ code: 'custom', message: 'marks nobody: give `words` or `overAmount`', continue: true },
      ...{ input: context.value, path: [] },
    })
  })

export type KeyCustomerRule = z.output<typeof keyCustomerRule>

/** What makes an address one beside, behind or named after the office and not the office itself: 教育局家属院, 医院对面. */
const notItself =
  /^\s*(?:路|街|巷|胡同|站|桥|旁|边|对面|对过|斜对|附近|隔壁|后面)|^[^,，;；]{0,2}(?:家属|宿舍|小区|新村|花园|公寓)/

/** Whether a customer is to be marked. `price` is what the invoice says, in yuan (`10000.00`). */
export function isKeyCustomer(
  rule: KeyCustomerRule,
  { name, address }: { name: string; address: string },
  price?: string | undefined,
): boolean {
  const { words, overAmount } = rule
  if (overAmount !== undefined && price !== undefined && Number(price) >= overAmount) return true
  return words.some(word => namesIt(name, word) || standsIn(address, word))
}

/** 王局 and 王局长 are people, 税务局 is an office. */
function namesIt(name: string, word: string): boolean {
  const at = name.indexOf(word)
  if (at < 0 || word.length > 1) return at >= 0
  return at > 1 && !/^[长总]/.test(name.slice(at + 1))
}

function standsIn(address: string, word: string): boolean {
  for (let at = address.indexOf(word); at >= 0; at = address.indexOf(word, at + 1))
    if (!notItself.test(address.slice(at + word.length))) return true
  return false
}
