import { type ComputedRef, computed, ref } from 'vue'

/** Languages of the pages. What people said, and sentences of the rules, stay as they are. */
export type Language = 'zh' | 'en'

const kept = 'paigong.language'
const read = (): Language => (globalThis.localStorage?.getItem(kept) === 'en' ? 'en' : 'zh')

export const language = ref<Language>(read())

export function speak(wanted: Language): void {
  language.value = wanted
  localStorage.setItem(kept, wanted)
  document.documentElement.lang = wanted === 'en' ? 'en' : 'zh-CN'
}

type Said<T> = {
  [K in keyof T]: T[K] extends (...given: infer G) => string
    ? (...given: G) => string
    : T[K] extends string
      ? string
      : Said<T[K]>
}

/** A page's words in the language it is read in: sentences, and functions that make them. Both must say the same things. */
export const useWords = <T extends object>(zh: T, en: Said<T>): ComputedRef<Said<T>> =>
  computed(() => (language.value === 'en' ? en : (zh as unknown as Said<T>)))
