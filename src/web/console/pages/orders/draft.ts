/** The form of an order, field by field as its inputs hold it: empty is not said. */
export interface Draft {
  kind: string
  technician: string
  name: string
  phone: string
  address: string
  fault: string
  brand: string
  model: string
  serial: string
  warranty: string
  /** As `datetime-local` has it, in the business zone: `2026-12-01T14:00`. */
  wanted: string
  urgent: boolean
}

export const blank = (): Draft => ({
  ...{ kind: 'repair', technician: '', name: '', phone: '', address: '', fault: '', brand: '', model: '', serial: '' },
  ...{ warranty: '', wanted: '', urgent: false },
})

const needed = ['name', 'phone', 'address', 'fault'] as const

export const lacking = (draft: Draft): Array<(typeof needed)[number]> =>
  needed.filter(field => draft[field].trim() === '')

/** A moment as a `datetime-local` field shows it in the business zone. */
export function toField(at: string, zone: string): string {
  return new Date(Date.parse(at) + offsetMs(Date.parse(at), zone)).toISOString().slice(0, 16)
}

/** The moment a field means in the business zone, wherever the browser is. */
export function fromField(field: string, zone: string): string {
  const wall = Date.parse(`${field}:00Z`)
  // The offset at the moment itself; it differs from the one at the wall time only beside a change of the clocks.
  const guess = wall - offsetMs(wall, zone)
  return new Date(wall - offsetMs(guess, zone)).toISOString()
}

function offsetMs(at: number, zone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', second: '2-digit' },
  })
  const { year, month, day, hour, minute, second } = Object.fromEntries(
    format.formatToParts(at).map(({ type, value }) => [type, value]),
  )
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - Math.floor(at / 1_000) * 1_000
}

/** What is sent: `POST /console/api/orders`. */
export function inputOf(draft: Draft, team: string, words: string, zone: string): object {
  const { kind, technician, name, phone, address, fault, brand, model, serial, warranty, wanted, urgent } = draft
  const product = Object.fromEntries(
    Object.entries({ brand, model, serial }).filter(([, value]) => value.trim() !== ''),
  )
  return {
    ...{ team, kind, urgent, customer: { name, phone, address }, product, fault },
    ...(technician && { assign: technician }),
    ...(warranty && { warranty }),
    ...(wanted && { wantedAt: fromField(wanted, zone) }),
    ...(words && { words }),
  }
}
