import { pino } from 'pino'

/** One JSON line per fact. Objects carry ids, never customer names, phones or words. */
export interface Log {
  debug(fields: object, message: string): void
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

/** Keys that may hold a credential wherever they turn up; their values never reach a line. */
const secretKeys = ['secret', 'token', 'access_token', 'corpsecret', 'aesKey', 'key', 'authorization', 'password']

export function createLog(level: string): Log {
  const paths = secretKeys.flatMap(key => [key, `*.${key}`, `*.*.${key}`])
  return pino({ level, redact: { paths, censor: '[secret]' } })
}
