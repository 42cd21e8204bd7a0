import type { SlipView } from '../../../../console/monthwire.ts'
import type { Of } from '../../../console/pages/month/api.ts'
import { ask, change } from '../../../shared/ask.ts'

/** Appeals a line of one's own slip; the slip as it is then. */
export const appealLine = ({ team, month }: Of, body: { item: string; reason: string }): Promise<SlipView> =>
  ask(`/console/api/slips/${team}/${month}/appeals`, change('POST', body))
