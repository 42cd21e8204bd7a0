import type { Context } from '../context.ts'
import { yesNo } from '../imports/ordercells.ts'
import { personCells } from '../imports/peoplecells.ts'
import { peopleColumns } from '../imports/peoplecolumns.ts'
import { tenuresOf } from '../people/employment.ts'
import type { Team } from '../people/person.ts'
import { joinedDay } from '../people/tenure.ts'
import { everIn, type PersonRow, peoplePage } from './store.ts'

const pageRows = 200

/** The cells of everybody in each of their teams, page by page. */
export async function* personRows(
  ctx: Context,
  teamIds: readonly string[] | null,
  teams: ReadonlyMap<string, Team>,
): AsyncGenerator<string[]> {
  const db = ctx.db.prisma
  const ever = teamIds ? await everIn(db, ctx.company, teamIds) : []
  for (let after: string | null = null; ; ) {
    const page: PersonRow[] = await peoplePage(db, ctx.company, { teamIds, ever, after, limit: pageRows })
    const tenures = await tenuresOf(
      db,
      ctx.company,
      page.map(({ id }) => id),
    )
    for (const person of page) {
      const times = tenures.get(person.id)
      const own = [...new Set([...person.memberships.map(({ teamId }) => teamId), ...(times?.keys() ?? [])])]
      const seen = own.filter(id => teamIds === null || teamIds.includes(id))
      for (const id of own.length === 0 ? [undefined] : seen) {
        const rows = (id && times?.get(id)) || []
        const cells = personCells({
          ...{ name: person.name, mobile: person.mobile ?? undefined, team: id && teams.get(id)?.name },
          roles: person.memberships.filter(({ teamId }) => teamId === id).map(({ role }) => role),
          ...{
            post: rows.at(-1)?.post ?? undefined,
            joinedOn: joinedDay(rows) ?? undefined,
            leftOn: rows.at(-1)?.to ?? undefined,
          },
          ...{ wecom: account(person, 'wecom'), dingtalk: account(person, 'dingtalk') },
        })
        const all: Record<string, string> = { ...cells, 在职: yesNo(person.active) }
        yield peopleColumns.map(({ title }) => all[title] ?? '')
      }
    }
    if (page.length < pageRows) return
    after = page.at(-1)?.id ?? null
  }
}

function account({ identities }: PersonRow, platform: string): { userId: string } | undefined {
  const found = identities.find(one => one.platform === platform)
  return found && { userId: found.userId }
}
