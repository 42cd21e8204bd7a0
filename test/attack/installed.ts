import { afterAll, beforeAll } from 'vitest'
import { builtService, killAll, newPlace, Outside, publicHost, Service, teamsFile } from '../support/process.ts'

/** The service as it is installed, a process of its own beside a platform: begun before a file's tests, ended after them. */
export interface Installed {
  service: Service
  outside: Outside
}

export function installed(): Installed {
  const at = {} as Installed
  let remove = async () => {}
  beforeAll(async () => {
    await builtService()
    at.outside = await Outside.open()
    const place = await newPlace()
    remove = () => place.remove()
    const own = { TEAMS_FILE: teamsFile(), WECOM_LOGIN: 'on', PUBLIC_URL: `https://${publicHost}` }
    at.service = await Service.start({ ...at.outside.env(), ...place.env, ...own })
    at.outside.doors = [at.service.url]
  })
  afterAll(async () => {
    await killAll()
    await at.outside.close()
    await remove()
  })
  return at
}
