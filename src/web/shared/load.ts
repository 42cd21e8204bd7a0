import { onMounted, type Ref, ref, shallowRef } from 'vue'
import { troubleWords } from './ask.ts'

/** Something a page reads, and how that goes. */
export interface Loaded<T> {
  data: Ref<T | null>
  trouble: Ref<string>
  loading: Ref<boolean>
  /** Reads again; what is shown stays until the answer is there. */
  again(): Promise<void>
}

/** Reads when the page is opened. Answers that come late, to what is not asked for any more, are not shown. */
export function useLoad<T>(read: () => Promise<T>): Loaded<T> {
  const data = shallowRef<T | null>(null)
  const trouble = ref('')
  const loading = ref(false)
  let asked = 0
  async function again(): Promise<void> {
    const mine = ++asked
    loading.value = true
    try {
      const found = await read()
      if (mine !== asked) return
      data.value = found
      trouble.value = ''
    } catch (error) {
      if (mine === asked) trouble.value = troubleWords(error)
    } finally {
      if (mine === asked) loading.value = false
    }
  }
  onMounted(again)
  return { data, trouble, loading, again }
}

/** One thing at a time that a person does, with what went wrong: `doing` names it while it lasts. */
export function useDoing(): {
  doing: Ref<string | null>
  trouble: Ref<string>
  run(name: string, work: () => Promise<unknown>): Promise<boolean>
} {
  const doing = ref<string | null>(null)
  const trouble = ref('')
  return {
    ...{ doing, trouble },
    async run(name, work) {
      if (doing.value !== null) return false
      doing.value = name
      trouble.value = ''
      try {
        await work()
        return true
      } catch (error) {
        trouble.value = troubleWords(error)
        return false
      } finally {
        doing.value = null
      }
    },
  }
}
