import { mayKnow } from '../chat/incidentfind.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { HttpProblem } from '../http/problem.ts'
import { incidentsSeenBy, type SeenBy } from '../incidents/find.ts'
import type { IncidentRecord } from '../incidents/incident.ts'
import { type IncidentScene, incidentScene } from '../incidents/look.ts'
import { incidentByCode } from '../incidents/rows.ts'
import { isSelf, type Viewer } from '../login/viewer.ts'
import { needSelf } from './leavereach.ts'
import { teamsFor } from './reach.ts'

/** Which incidents somebody may see, and which wait for him. */

export const seenBy = (viewer: Viewer): SeenBy => ({
  personId: viewer.person.id,
  manages: teamsFor(viewer, 'manage'),
})

/** As in chat; what never counted is no matter yet of the one it would be about. */
export async function mayKnowOf(tx: Tx, ctx: Context, viewer: Viewer, incident: IncidentRecord): Promise<boolean> {
  if (isSelf(viewer, incident.view.person)) return incident.view.confirmedAt !== null
  return mayKnow({ tx, ctx }, incident, await needSelf(tx, ctx, viewer))
}

/** One answer for what is not there and what is not his to see. @throws HttpProblem 404 */
export async function needIncident(tx: Tx, ctx: Context, viewer: Viewer, code: string): Promise<IncidentScene> {
  const incident = await incidentByCode(tx, ctx.company, code)
  if (!incident || !(await mayKnowOf(tx, ctx, viewer, incident)))
    throw new HttpProblem(404, 'Not found', `没有 ${code}，或者不归你看。`)
  return incidentScene(tx, ctx, incident)
}

/** Proposals and appeals that he decides. */
export async function waitingFor(tx: Tx, ctx: Context, viewer: Viewer): Promise<IncidentScene[]> {
  const states = ['proposed', 'appealed'] as const
  const found = await incidentsSeenBy(tx, ctx.company, seenBy(viewer), { states }, { limit: 200 })
  const scenes: IncidentScene[] = []
  for (const incident of found) {
    const scene = await incidentScene(tx, ctx, incident)
    if (scene.deciders.includes(viewer.person.id)) scenes.push(scene)
  }
  return scenes
}
