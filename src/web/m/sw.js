/**
 * Keeps the pages themselves (index.html and what it is built of), so that they open without a network. What the
 * service answers is never kept here. `shell` is put before this by the build: `{ version, files }`.
 */
/* global shell */
const prefix = 'paigong.shell.'
const own = prefix + shell.version
const page = '/m/'
/** On a bad line the kept page is there sooner than the network. */
const patienceMs = 4000

self.addEventListener('install', event => event.waitUntil(fill()))

async function fill() {
  const cache = await caches.open(own)
  // Not signed in, the service sends to the sign-in page: that is not to be taken for the page.
  const answer = await fetch(page, { cache: 'no-cache', redirect: 'error' })
  if (!answer.ok) throw new Error(`${page} answered ${answer.status}`)
  await cache.put(page, answer)
  await cache.addAll(shell.files.map(file => page + file))
}

// A new build waits until no page of the one before is open (no skipWaiting): those may still need its files.
self.addEventListener('activate', event => event.waitUntil(clean()))

async function clean() {
  const names = await caches.keys()
  await Promise.all(names.filter(name => name.startsWith(prefix) && name !== own).map(name => caches.delete(name)))
  // The page that brought the first worker is its page, too: the next build waits for it.
  await self.clients.claim()
}

self.addEventListener('fetch', event => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin || pathname.startsWith('/m/api/')) return
  if (request.mode === 'navigate') {
    if (pathname.startsWith(page) && !/\.\w+$/.test(pathname)) event.respondWith(open(request))
  } else if (pathname.startsWith(page)) event.respondWith(file(request))
})

/** The page as the service has it now; the kept one when it can't be had, or takes long. */
async function open(request) {
  const kept = await (await caches.open(own)).match(page)
  const fresh = fetch(request)
  if (!kept) return fresh
  const late = new Promise(done => setTimeout(() => done(kept), patienceMs))
  const heard = fresh.then(answer => (answer.status >= 500 ? kept : answer)).catch(() => kept)
  return Promise.race([heard, late])
}

/** Names of files change with what is in them, so a kept one is right; that of another build that is open counts, too. */
async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request)
}
