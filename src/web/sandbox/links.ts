import type { InjectionKey } from 'vue'

/** Opens an address from a message inside the phone where it can; leaves it to the browser where it can't. */
export const openLink: InjectionKey<(href: string, event?: Event) => void> = Symbol('openLink')

/** Shows a picture large. */
export const openImage: InjectionKey<(url: string) => void> = Symbol('openImage')
