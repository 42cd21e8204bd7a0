import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Fact, FactBody } from '../../src/orders/fact.ts'
import { replay } from '../../src/orders/order.ts'
import { blanked, reasonsWithout } from '../../src/privacy/blank.ts'
import { scrubber } from '../../src/privacy/scrub.ts'

const span = (words: string) => ({ from: '2026-11-25T02:00:00.000Z', exact: true, words })

/** A journal with the customer in every place where somebody could have written him. */
function journal({ name, phone, address }: { name: string; phone: string; address: string }): Fact[] {
  const about = `${name} ${phone} ${address}`
  const bodies: FactBody[] = [
    {
      fact: 'created',
      order: {
        ...{ kind: 'repair', urgent: false, fault: `不制冷，${about}`, category: '制冷', externalId: 'E-1' },
        customer: { name, phone, address, zone: '金水区', distanceKm: 3, key: true },
        product: { brand: '格力', serial: 'SN-778899' },
        wanted: span(`明天，${about}`),
      },
      earlier: { to: 'o', code: '1000', technician: null, doneAt: '2026-10-01T02:00:00.000Z', days: 50, fault: about },
    },
    { fact: 'dispatched', to: 'p', note: about, despite: about },
    { fact: 'accepted' },
    { fact: 'contacted', appointment: span(about), note: about },
    { fact: 'appointed', appointment: span(about), reason: about },
    { fact: 'located', lat: 34.77, lng: 113.68, label: address },
    { fact: 'suspended', reason: 'parts', note: about, expected: span(about) },
    { fact: 'resumed' },
    { fact: 'progress', answer: 'later', expected: span(about), note: about },
    { fact: 'helpAsked', note: about },
    { fact: 'signed', media: 'm', name, result: about, charge: '80.00' },
    { fact: 'completed', result: `换电容，${about}`, charge: '80.00', parts: [{ name, quantity: 1 }] },
    { fact: 'reported', note: about },
    { fact: 'revisited', reached: true, grade: 5, note: about },
    { fact: 'rated', grade: 5, tags: ['准时'], visitor: 'v' },
  ]
  return bodies.map(
    (body, index): Fact => ({
      ...{ seq: index + 1, at: new Date(Date.UTC(2026, 10, 25, 2, index)).toISOString() },
      ...{ by: 'p', via: 'text', words: about, ...body },
    }),
  )
}

const customers = fc.record({
  name: fc.constantFrom('王女士', '欧阳小明', 'Smith & Söhne', '李'),
  phone: fc.constantFrom('13800001234', '0371-60001234', '13800009876'),
  address: fc.constantFrom('花园路38号院5号楼1801', '王女士家对面', '未来路 1 号'),
})

describe('a journal without its customer', () => {
  it('names him nowhere, and is the same in all that counts', () => {
    fc.assert(
      fc.property(customers, customer => {
        const before = journal(customer)
        const after = blanked(before)
        const left = JSON.stringify(after)
        for (const known of [customer.phone, customer.address, 'SN-778899', '34.77', '"words":"王'])
          expect(left).not.toContain(known)
        if (customer.name.length > 1) expect(left).not.toContain(customer.name)
        const { fields: _was, signature: _signed, suspended: _waits, ...was } = replay(before)
        const { fields, signature: _, suspended: __, ...is } = replay(after)
        for (const key of ['state', 'version', 'step', 'look', 'assignee', 'helpers', 'shares', 'photos'] as const)
          expect(is[key]).toEqual(was[key])
        expect(is.outcome?.charge).toBe('80.00')
        expect(after.map(({ seq, at, by, via, fact }) => [seq, at, by, via, fact])).toEqual(
          before.map(({ seq, at, by, via, fact }) => [seq, at, by, via, fact]),
        )
        expect(fields).toMatchObject({
          ...{ kind: 'repair', category: '制冷', externalId: 'E-1', product: { brand: '格力' } },
          customer: { zone: '金水区', distanceKm: 3, key: true, name: '已删除', phone: '' },
        })
        // What is wrong with the machine is nobody's secret.
        expect(fields.fault).toContain('不制冷')
        expect(blanked(after)).toEqual(after)
      }),
    )
  })

  it('keeps why work was suspended, whatever the customer is called', () => {
    const after = blanked(journal({ name: 'parts', phone: '13800001234', address: 'later' }))
    expect(after.find(({ fact }) => fact === 'suspended')).toMatchObject({ reason: 'parts' })
    expect(after.find(({ fact }) => fact === 'progress')).toMatchObject({ answer: 'later' })
  })

  it.each([
    ['打 138-0000-1234', '打 已删除'],
    ['打 138 0000 1234 或 +8613800001234', '打 已删除 或 已删除'],
    ['座机 037160001234', '座机 已删除'],
    ['换了 13800001234567 号配件', '换了 13800001234567 号配件'],
    ['王先生', '王先生'],
  ])('%s', (said, left) => {
    expect(scrubber(['王'])(said)).toBe(left)
  })

  it('reasons of somebody’s leave go whole', () => {
    expect(reasonsWithout({ fact: 'asked', type: '病假', reason: '住院', span: { from: 'x' } })).toEqual({
      ...{ fact: 'asked', type: '病假', reason: '已删除', span: { from: 'x' } },
    })
  })
})
