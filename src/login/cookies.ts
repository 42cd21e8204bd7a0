import type { Context as KoaContext } from 'koa'

/**
 * Cookies of this service. Over https with the `__Host-` prefix: a browser takes such a one only from this very host, so
 * nobody beside it can plant one.
 */
export class Cookies {
  private readonly secure: boolean

  /** `publicUrl`: where people's browsers reach this service. */
  constructor(publicUrl: string) {
    this.secure = new URL(publicUrl).protocol === 'https:'
  }

  read(http: KoaContext, name: string): string {
    const wanted = `${this.nameOf(name)}=`
    const found = http
      .get('Cookie')
      .split(';')
      .map(part => part.trim())
      .find(part => part.startsWith(wanted))
    return found?.slice(wanted.length) ?? ''
  }

  /**
   * `seconds`: without it until the browser is closed; 0 takes it away. `seen`: our pages' scripts may read it. The value
   * is base64url and dots.
   */
  write(http: KoaContext, name: string, value: string, seconds?: number, seen = false): void {
    const age = seconds === undefined ? '' : `; Max-Age=${seconds}`
    http.append(
      'Set-Cookie',
      `${this.nameOf(name)}=${value}; Path=/${seen ? '' : '; HttpOnly'}; SameSite=Lax${this.secure ? '; Secure' : ''}${age}`,
    )
  }

  private nameOf(name: string): string {
    return this.secure ? `__Host-${name}` : name
  }
}
