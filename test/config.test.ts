import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { readConfig, settings } from '../src/config.ts'
import { Invalid } from '../src/errors.ts'
import { platformsOf } from '../src/wiring.ts'

const wecom = {
  ...{
    WECOM_CORP_ID: 'ww0123456789abcdef',
    WECOM_AGENT_ID: '1000002',
    WECOM_SECRET: 'very-secret-words',
    WECOM_TOKEN: 'token1',
  },
  ...{ WECOM_AES_KEY: 'a'.repeat(43), API_TOKEN: '0123456789abcdef' },
}

function faults(env: Record<string, string>): string[] {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof Invalid) return error.problems.map(problem => problem.path).sort()
    throw error
  }
  return []
}

describe('the configuration', () => {
  it('is the sandbox on the embedded database when nothing is set', () => {
    expect(readConfig({})).toMatchObject({
      platforms: ['sandbox'],
      PORT: 3000,
      DATA_DIR: './data',
      BUSINESS_ZONE: 'Asia/Shanghai',
    })
    expect(readConfig({}).DATABASE_URL).toBeUndefined()
  })

  it('is WeCom when its credentials are there', () => {
    expect(readConfig(wecom)).toMatchObject({ platforms: ['wecom'], WECOM_AGENT_ID: 1000002, WECOM_TOKEN: ['token1'] })
  })

  it('has people sign in with a platform that is on', () => {
    const on = { ...wecom, WECOM_LOGIN: 'on', PUBLIC_URL: 'https://paigong.example' }
    expect(faults(on)).toEqual([])
    expect(platformsOf(readConfig(on))).toMatchObject({ wecom: { login: true } })
    expect(platformsOf(readConfig(wecom))).toMatchObject({ wecom: { login: false } })
  })

  it('takes two secrets while they are being changed', () => {
    const config = readConfig({
      ...wecom,
      WECOM_TOKEN: 'new,old',
      WECOM_AES_KEY: `${'b'.repeat(43)},${'a'.repeat(43)}`,
    })
    expect(config.WECOM_TOKEN).toEqual(['new', 'old'])
  })

  it('reports every fault at once and by name', () => {
    expect(
      faults({ PORT: 'many', LOG_LEVEL: 'loud', PLATFORMS: 'wecom', WECOM_AES_KEY: 'short', WECOM_TOKEN: 't' }),
    ).toEqual(
      ['API_TOKEN', 'LOG_LEVEL', 'PORT', 'WECOM_AES_KEY', 'WECOM_AGENT_ID', 'WECOM_CORP_ID', 'WECOM_SECRET'].sort(),
    )
  })

  it.each([
    ['sandbox beside real credentials', { ...wecom, PLATFORMS: 'sandbox' }, 'PLATFORMS'],
    ['sandbox beside a platform', { ...wecom, PLATFORMS: 'sandbox,wecom' }, 'PLATFORMS'],
    ['an empty secret', { ...wecom, WECOM_TOKEN: '' }, 'WECOM_TOKEN'],
    ['two tokens with one key', { ...wecom, WECOM_TOKEN: 'a,b' }, 'WECOM_AES_KEY'],
    ['a bot without its secret', { ...wecom, WECOM_BOT_ID: 'bot' }, 'WECOM_BOT_SECRET'],
    [
      'both modes of the bot',
      { ...wecom, WECOM_BOT_ID: 'bot', WECOM_BOT_SECRET: 's', WECOM_BOT_TOKEN: 't', WECOM_BOT_AES_KEY: 'a'.repeat(43) },
      'WECOM_BOT_TOKEN',
    ],
    ['signing in without an address to come back to', { ...wecom, WECOM_LOGIN: 'on' }, 'PUBLIC_URL'],
    [
      'signing in with a platform that is off',
      { ...wecom, PUBLIC_URL: 'https://paigong.example', DINGTALK_LOGIN: 'on' },
      'DINGTALK_LOGIN',
    ],
    ['signing in set in the sandbox, which has it anyway', { WECOM_LOGIN: 'on' }, 'WECOM_LOGIN'],
    ['a zone that is none', { BUSINESS_ZONE: 'Asia/Paigong' }, 'BUSINESS_ZONE'],
    ['a database that is not PostgreSQL', { DATABASE_URL: 'mysql://localhost/x' }, 'DATABASE_URL'],
  ])('refuses %s', (_, env, path) => {
    expect(faults(env as Record<string, string>)).toContain(path)
  })

  it('never repeats a value in a fault', () => {
    const attempt = () => readConfig({ ...wecom, WECOM_AES_KEY: 'my-secret-key', API_TOKEN: 'short-secret' })
    expect(attempt).toThrow(Invalid)
    expect(attempt).not.toThrow(/my-secret-key|short-secret|very-secret-words/)
  })

  it('has a sentence for every setting in .env.example, and no other setting there', () => {
    const text = readFileSync('.env.example', 'utf8')
    expect(Object.keys(parseEnv(text)).sort()).toEqual(Object.keys(settings.shape).sort())
    for (const key of Object.keys(settings.shape)) expect(text).toMatch(new RegExp(`# \\S.*\\n${key}=`))
    expect(readConfig(parseEnv(text) as Record<string, string>).platforms).toEqual(['sandbox'])
  })
})
