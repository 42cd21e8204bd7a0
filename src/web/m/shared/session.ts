import type { InjectionKey, Ref } from 'vue'
import type { Session } from '../../shared/ask.ts'

/** Who is looking; null before it is known. */
export const sessionKey: InjectionKey<Ref<Session | null>> = Symbol('session')
