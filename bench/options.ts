import { parseArgs } from 'node:util'
import { embeddedPlace, type Place, serverPlace } from './place.ts'

export const usage = `npm run bench -- [--only PART,PART] [--orders 10000,100000] [--technicians 1000] [--day 200]
                 [--repeat 300] [--profile DIR] [--markdown] [--postgres URL] [--no-embedded]

  --only         clocks: the clocks of one order; settlement: a month's end; sweep: what depends on how many orders are
                 open; callbacks: what comes in through the platform's door; deliveries: what goes out;
                 instances: several on one server; day: orders from the API to their end; restart: until it is ready
  --orders       how many orders are open, one database for each number (default 10000,100000 and on a server 1000000)
  --technicians  how many are settled, with 150 orders each in teams of 1,000 at most, one database for each number
                 (default 1000; 1000,10000 takes minutes)
  --day          orders that are played from the API to their end (default 200)
  --batch        orders of one round of callbacks, each four of them (default 75)
  --repeat       how often what takes little is measured; a tenth as often what takes more
  --profile      where the service leaves a CPU profile, with a flame graph and the costliest functions of it
  --markdown     the table as Markdown
  --postgres     a server on which it may create a database, besides the embedded one (default: DATABASE_URL, if set)

Ends with 1 when a limit is missed, with 2 when it was asked for nothing it knows.`

const parts = ['clocks', 'settlement', 'sweep', 'callbacks', 'deliveries', 'instances', 'day', 'restart'] as const
export type Part = (typeof parts)[number]

export interface Options {
  parts: readonly Part[]
  technicians: readonly number[]
  repeat: number
  markdown: boolean
  service: { orders: number; day: number; profile: string | undefined }
  places: Array<{ name: Place['name']; open(): Promise<Place>; sizes: readonly number[] }>
}

export function readOptions(): Options | null {
  try {
    const { values } = parseArgs({
      options: {
        ...{ only: { type: 'string' }, orders: { type: 'string' }, technicians: { type: 'string' } },
        ...{ repeat: { type: 'string', default: '300' }, day: { type: 'string', default: '200' } },
        ...{ batch: { type: 'string', default: '75' }, profile: { type: 'string' } },
        markdown: { type: 'boolean', default: false },
        ...{ postgres: { type: 'string' }, 'no-embedded': { type: 'boolean', default: false } },
      },
    })
    const { only, orders, technicians = '1000', postgres } = values
    const [repeat, day, batch] = [values.repeat, values.day, values.batch].map(Number)
    const [sizes, teams] = [orders?.split(',').map(Number), technicians.split(',').map(Number)]
    const named = only?.split(',')
    const wanted = parts.filter(part => named === undefined || named.includes(part))
    const isUnknown = named?.some(name => !parts.some(part => part === name))
    const tooFew = (given: readonly number[], least: number) =>
      given.some(size => !Number.isInteger(size) || size < least)
    if (repeat === undefined || day === undefined || batch === undefined) return null
    if (isUnknown || tooFew(sizes ?? [], 100) || tooFew(teams, 1) || tooFew([repeat, day, batch], 10)) return null
    const url = postgres ?? process.env.DATABASE_URL
    return {
      ...{ parts: wanted, technicians: teams, repeat, markdown: values.markdown },
      service: { orders: batch, day, profile: values.profile },
      places: [
        ...(values['no-embedded']
          ? []
          : [{ name: 'embedded' as const, open: embeddedPlace, sizes: sizes ?? [10_000, 100_000] }]),
        ...(url
          ? [
              {
                ...{ name: 'postgres' as const, open: () => serverPlace(url) },
                sizes: sizes ?? [10_000, 100_000, 1_000_000],
              },
            ]
          : []),
      ],
    }
  } catch {
    return null
  }
}
