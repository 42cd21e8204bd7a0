import { computed, type InjectionKey, inject, type Ref } from 'vue'
import type { Session } from '../../shared/ask.ts'

export const sessionKey: InjectionKey<Ref<Session>> = Symbol('session')

type Team = Session['teams'][number]

/** Who is looking, and where he may do what. The shell shows no page before it is known. */
export function useSession() {
  const session = inject(sessionKey)
  if (!session) throw new Error('this page stands outside the shell')
  const teamsAs = (...roles: string[]): Team[] =>
    session.value.teams.filter(team => team.roles.some(role => roles.includes(role)))
  return {
    session,
    /** Teams he dispatches or manages. */
    dispatched: computed(() => teamsAs('dispatcher', 'manager')),
    /** Teams he manages. */
    managed: computed(() => teamsAs('manager')),
  }
}
