import { createApp } from 'vue'
import '../style/tokens.css'
import '../style/base.css'
import './m.css'
import App from './App.vue'
import { router } from './router.ts'

createApp(App).use(router).mount('#app')

// Pages without https have none, and do without.
globalThis.addEventListener('load', () => void navigator.serviceWorker?.register('/m/sw.js').catch(() => null))
