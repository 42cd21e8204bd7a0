/** What the service is compared with, each as a process of its own. */
export async function servePeer(name: string | undefined): Promise<void> {
  switch (name) {
    case 'bare':
      return (await import('./bare.ts')).serveBare()
    case 'bare-embedded':
      return (await import('./bare.ts')).serveEmbedded()
    case 'bolt':
      return (await import('./bolt.ts')).serveBolt()
    case 'worker':
      return (await import('./worker.ts')).serveWorker()
    default:
      throw new Error(`there is no peer ${name}`)
  }
}
