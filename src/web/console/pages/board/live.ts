/** Hears of changes while the page can be seen. The browser connects again by itself. */
export function listenForChanges(tell: { changed(): void; connected(is: boolean): void }): () => void {
  let source: EventSource | null = null
  const open = () => {
    source = new EventSource('/console/api/changes')
    source.addEventListener('open', () => {
      tell.connected(true)
      tell.changed()
    })
    source.addEventListener('error', () => tell.connected(false))
    source.addEventListener('changed', () => tell.changed())
  }
  const close = () => {
    source?.close()
    source = null
  }
  const seen = () => {
    if (document.hidden) close()
    else if (!source) open()
  }
  document.addEventListener('visibilitychange', seen)
  seen()
  return () => {
    document.removeEventListener('visibilitychange', seen)
    close()
  }
}
