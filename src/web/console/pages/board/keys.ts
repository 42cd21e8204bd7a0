import { onMounted, onUnmounted } from 'vue'

/** Single keys on a page, while nobody types and no dialog is open. */
export function useKeys(keys: Record<string, () => void>): void {
  const pressed = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    const at = event.target as HTMLElement | null
    if (at?.closest('input, textarea, select, [contenteditable], dialog[open]')) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  onMounted(() => document.addEventListener('keydown', pressed))
  onUnmounted(() => document.removeEventListener('keydown', pressed))
}

/** Moves the focus to the next row of a list, or the one before. */
export function moveFocus(list: HTMLElement | null, by: 1 | -1): void {
  const lines = [...(list?.querySelectorAll<HTMLElement>('.line') ?? [])]
  const at = lines.findIndex(
    line => line === document.activeElement || line.parentElement?.contains(document.activeElement),
  )
  lines[Math.max(0, Math.min(lines.length - 1, at === -1 && by === -1 ? 0 : at + by))]?.focus()
}

/** The order whose row has the focus. */
export const focusedCode = (): string | null =>
  document.activeElement?.closest<HTMLElement>('[data-code]')?.dataset.code ?? null
