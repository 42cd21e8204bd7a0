/** Lets plain `tsc` read imports that Vite resolves; vue-tsc sees the real components. */
declare module '*.vue' {
  import type { DefineComponent } from 'vue'

  const component: DefineComponent<object, object, unknown>
  export default component
}

declare module '*.css'
