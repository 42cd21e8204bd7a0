import { describe, expect, it } from 'vitest'
import {
  type Case,
  chatter,
  dispatcher,
  numbers,
  overheard,
  quoting,
  technician,
  typos,
  unsure,
} from './orders.cases.ts'
import { card, hear, told } from './told.ts'

const table = (name: string, cases: readonly Case[], more: Parameters<typeof hear>[1] = {}) =>
  describe(name, () => {
    it.each(cases.map(([said, understood]) => ({ said, understood })))(
      '$said → $understood',
      ({ said, understood }) => {
        expect(told(hear(said, more)), told(hear(said, more))).toBe(understood)
      },
    )
  })

table('a technician', technician)
table('a dispatcher', dispatcher)
table('under a quoted card', quoting, { quote: card })
table('nothing is changed by a guess', unsure)
table('chatter', chatter)
table('typing slips', typos)
table('numbers', numbers)
table('overheard', overheard, { direct: false })
