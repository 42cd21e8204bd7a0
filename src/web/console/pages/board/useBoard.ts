import { computed, onMounted, onUnmounted, type Ref, ref, watch } from 'vue'
import type { Board, Load, LoadPage } from '../../../../console/wire.ts'
import { troubleWords } from '../../../shared/ask.ts'
import { useClock } from '../../../shared/clock.ts'
import { loadBoard, loadPeople } from '../orders/api.ts'
import { listenForChanges } from './live.ts'

export type View = 'all' | 'late' | 'unassigned' | 'mine'

const step = 50

/** What the board shows and asks for. `runsDesk`: the load of technicians is shown beside it. */
export function useBoard(runsDesk: Ref<boolean>) {
  const { now, heard } = useClock()
  const board = ref<Board | null>(null)
  const people = ref<LoadPage | null>(null)
  const trouble = ref('')
  const loading = ref(false)
  /** Null: not known yet. */
  const live = ref<boolean | null>(null)
  const view = ref<View>('all')
  const team = ref('')
  const person = ref<Load | null>(null)
  /** What is looked for. */
  const looked = ref('')
  /** Counts what was loaded: an open order looks again, too. */
  const turn = ref(0)

  const query = computed(() => ({
    view: view.value,
    ...(team.value && { team: team.value }),
    ...(person.value && { person: person.value.id }),
    ...(looked.value && { q: looked.value }),
  }))

  /** Answers that come late, to what is not asked for any more, are not shown. */
  let asked = 0
  async function load(more = false): Promise<void> {
    const mine = ++asked
    loading.value = true
    try {
      const after = more ? board.value?.next : null
      const shown = more ? step : Math.min(200, Math.max(step, board.value?.items.length ?? 0))
      const [page, hands] = await Promise.all([
        loadBoard({ ...query.value, limit: `${shown}`, ...(after && { after }) }),
        runsDesk.value && !more ? loadPeople(team.value) : people.value,
      ])
      if (mine !== asked) return
      heard(page.now)
      turn.value += 1
      people.value = hands
      board.value = more && board.value ? { ...page, items: [...board.value.items, ...page.items] } : page
      trouble.value = ''
    } catch (error) {
      if (mine === asked) trouble.value = troubleWords(error)
    } finally {
      if (mine === asked) loading.value = false
    }
  }

  function countOf(id: View): number | null {
    const counts = board.value?.counts
    if (!counts || id === 'mine') return null
    return id === 'all' ? counts.open : counts[id]
  }

  let stop = () => {}
  onMounted(async () => {
    await load()
    stop = listenForChanges({
      changed: () => void load(),
      connected: is => {
        live.value = is
      },
    })
  })
  onUnmounted(() => stop())
  watch(team, () => {
    person.value = null
  })
  watch(query, () => {
    board.value = null
    void load()
  })

  return { now, board, people, trouble, loading, live, view, team, person, looked, turn, load, countOf, query }
}
