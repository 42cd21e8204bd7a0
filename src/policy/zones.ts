import { IANAZone } from 'luxon'

const dayMs = 86_400_000
/** Days remembered at most. */
const most = 20_000

const steady = new WeakSet<IANAZone>()

/**
 * A zone whose offset luxon remembers from now on, whoever asks: it has one object for a name. Otherwise the runtime's
 * calendar is asked for every moment, which takes longer than all that is done with one. Whole days are remembered: one that
 * begins and ends alike has no change between, no zone changes twice in a day.
 */
export function zoneNamed(name: string): IANAZone {
  const zone = IANAZone.create(name)
  if (!zone.isValid || steady.has(zone)) return zone
  steady.add(zone)
  const ask = zone.offset.bind(zone)
  const known = new Map<number, number | null>()
  zone.offset = at => {
    const day = Math.floor(at / dayMs)
    let offset = known.get(day)
    if (offset === undefined) {
      if (known.size >= most) known.clear()
      const [first, last] = [ask(day * dayMs), ask((day + 1) * dayMs)]
      offset = first === last ? first : null
      known.set(day, offset)
    }
    return offset ?? ask(at)
  }
  return zone
}
