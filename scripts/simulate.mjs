// npm run simulate: what another rule book would have made of a month's records. Talks to the running service, since the
// embedded database can be opened by one process only. Reads PORT and API_TOKEN from the environment or .env.
import { existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

const usage = `Settles a month once more, under another rule book, and says who would get more or less. Nothing is written.

  npm run simulate -- --policy new.yaml --month 2026-10 --team 一班
  npm run simulate -- --month 2026-10            once more by the team's own rules: nothing may differ

--team may be left out where there is one team only. Ends with 0; with 1 when the service refuses (a fault in the file is
named with its line), with 2 when it was called wrongly, with 3 when the same rules gave something else than is kept.`

class Wrong extends Error {}

async function call(path, body) {
  const { PORT = '3000', API_TOKEN } = process.env
  if (!API_TOKEN)
    throw new Wrong(
      'API_TOKEN is not set: give the token the service was started with (in the sandbox its start prints one).',
    )
  const answer = await fetch(`http://127.0.0.1:${PORT}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${API_TOKEN}`, ...(body && { 'Content-Type': 'application/json' }) },
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  }).catch(error => {
    throw new Error(`the service does not answer on port ${PORT}: ${error.cause?.code ?? error.message}`)
  })
  const json = await answer.json()
  if (!answer.ok) throw new Error(json.detail ?? `the service answered ${answer.status}`)
  return json
}

async function teamNamed(name) {
  if (name) return name
  const { items } = await call('/teams?limit=200')
  if (items.length === 1) return items[0].name
  throw new Wrong(`--team is missing; there are ${items.map(team => team.name).join(', ') || 'none'}.`)
}

const said = amount => {
  const text = `¥${amount.replace('-', '').replace(/\B(?=(\d{3})+\.)/g, ',')}`
  return amount.startsWith('-') ? `-${text}` : amount === '0.00' ? text : `+${text}`
}
const plain = amount => said(amount).replace('+', '')
/** Chinese signs are two columns wide. */
const width = text => [...text].reduce((sum, sign) => sum + (sign.codePointAt(0) > 0x2e7f ? 2 : 1), 0)

function table(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map(row => width(row[column]))))
  const cell = (text, column) => {
    const blank = ' '.repeat(widths[column] - width(text))
    return column === 0 || column === 4 ? text + blank : blank + text
  }
  return rows.map(row => row.map(cell).join('  ').trimEnd()).join('\n')
}

async function main() {
  const options = { policy: { type: 'string' }, month: { type: 'string' }, team: { type: 'string' } }
  let values
  try {
    values = parseArgs({ options }).values
    if (!values.month) throw new Error('--month is missing')
    if (values.policy && !existsSync(values.policy)) throw new Error(`there is no file ${values.policy}`)
  } catch (error) {
    throw new Wrong(`${error.message}\n\n${usage}`)
  }
  if (existsSync('.env')) process.loadEnvFile('.env')
  const policy = values.policy && readFileSync(values.policy, 'utf8')
  const team = await teamNamed(values.team)
  const path = `/settlements/${encodeURIComponent(team)}/${encodeURIComponent(values.month)}/simulate`
  const { before, after, total, items, missing, changed } = await call(path, policy ? { policy } : {})
  const rules = ({ title, version }) => `「${title}」第 ${version} 版`
  console.log(`${team} ${values.month}：${rules(before)} → ${rules(after)}\n`)
  const rows = items.map(({ person, items: lines, ...one }) => {
    const why = lines.filter(({ as }) => as !== 'value').map(({ item, difference }) => `${item} ${said(difference)}`)
    return [person.name, plain(one.before), plain(one.after), said(one.difference), why.join('，')]
  })
  const sum = ['合计', plain(total.before), plain(total.after), said(total.difference), '']
  console.log(table([['姓名', '原来', '改后', '差额', '差在哪里'], ...rows, sum]))
  if (missing.length > 0)
    console.log(
      `\n缺 ${missing.length} 项：${missing.map(({ what, person }) => [person, what].filter(Boolean).join(' ')).join('、')}`,
    )
  return !policy && changed > 0 ? 3 : 0
}

process.exitCode = await main().catch(error => {
  console.error(error.message)
  return error instanceof Wrong ? 2 : 1
})
