import { createApp } from 'vue'
import '../style/tokens.css'
import '../style/base.css'
import './console.css'
import App from './App.vue'
import { router } from './router.ts'

createApp(App).use(router).mount('#app')
