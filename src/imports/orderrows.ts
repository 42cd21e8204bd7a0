import type { WhenContext } from '../chat/when.ts'
import type { OrderFields } from '../orders/fact.ts'
import { orderInput } from '../orders/input.ts'
import type { Headed } from './columns.ts'
import { Line } from './columns.ts'
import { type OrderField, orderColumns } from './ordercolumns.ts'
import { type Cell, isError, type Row } from './table.ts'
import { readDay, readTime } from './times.ts'

/** A row of a table of orders as it was understood; kept as JSON until it is imported. */
export interface OrderEntry {
  row: number
  fields: OrderFields
  assign: Someone | null
}

interface Someone {
  id: string
  name: string
}

export interface OrderSetting extends WhenContext {
  team: { id: string; name: string }
  technicians: readonly Someone[]
}

export type OrderLine = Line<OrderField>

export const lineOf = (table: Headed<OrderField>, { row, cells }: Row): OrderLine =>
  new Line(row, cells, table, orderColumns)

const plain = (text: string): string => text.normalize('NFKC').toLowerCase().replaceAll(/\s/g, '')

const kinds: ReadonlyArray<[OrderFields['kind'], RegExp]> = [
  ['install', /^(安装|装机|新装|移机|新机安装|上门安装|install)$/],
  ['repair', /^(维修|修理|报修|检修|上门维修|售后维修|repair|)$/],
  ['complaint', /^(投诉|客诉|complaint)$/],
  ['revisit', /^(回访|revisit)$/],
]
const yes = /^(是|有|y|yes|true|1|√|✓|✔|急|加急|紧急|特急|非常紧急|高)$/
const no = /^(否|无|不|n|no|false|0|×|✗|x|不急|一般|普通|正常|不加急|低|中|)$/
const covered = /^(保内|在保|保修期内|质保内|质保期内|保修内|包修期内|三包内|是|in)$/
const over = /^(保外|过保|脱保|出保|超保|不在保|保修期外|质保外|质保期外|保修外|三包外|否|out)$/

/** What is wrong with a field that the shape of orders refuses, as a sentence goes on. */
const wrong: Partial<Record<OrderField, string>> = {
  phone: '不是电话号码，请填 11 位手机号或带区号的座机',
  distanceKm: '不是距离，请填 0 到 5000 的公里数',
  units: '不是台数，请填 1 到 999 的整数',
  price: '不是金额，请填大于 0、最多两位小数的元数，比如 3299.00',
}
const wanted: Partial<Record<OrderField, string>> = {
  name: '请填客户怎么称呼',
  phone: '请填 11 位手机号或带区号的座机',
  address: '请填上门地址',
  fault: '请填什么毛病或要做什么',
}
/** Places of an order's shape by column. */
const fieldAt: Readonly<Record<string, OrderField>> = {
  ...{ kind: 'kind', urgent: 'urgent', fault: 'fault', category: 'category', units: 'units', warranty: 'warranty' },
  ...{ 'customer.name': 'name', 'customer.phone': 'phone', 'customer.address': 'address', 'customer.zone': 'zone' },
  ...{ 'customer.distanceKm': 'distanceKm', 'product.brand': 'brand', 'product.model': 'model' },
  ...{ 'product.serial': 'serial', 'invoice.date': 'invoiceDate', 'invoice.price': 'price', externalId: 'externalId' },
}

/**
 * Judges a row by the rules of `POST /orders`, every cell of it: null where anything is wrong, and `line.faults` has all
 * of it.
 */
export function judgeOrder(line: OrderLine, setting: OrderSetting): OrderEntry | null {
  const failed = readable(line)
  const text = (field: OrderField) => (failed.has(field) || line.text(field) === '' ? undefined : line.text(field))
  const chosen = <T>(field: OrderField, choices: ReadonlyArray<readonly [T, RegExp]>, what: string): T | undefined => {
    if (failed.has(field)) return undefined
    const found = choices.find(([, pattern]) => pattern.test(plain(line.text(field))))
    if (!found) line.fault(field, what)
    return found?.[0]
  }
  const flag = (field: OrderField) =>
    chosen(
      field,
      [
        [true, yes],
        [false, no],
      ] as const,
      '请填 是 或 否',
    )
  const number = (field: OrderField, unit: RegExp) => {
    const given = text(field)
    const bare = given === undefined ? undefined : plain(given).replace(unit, '')
    return bare === undefined || /^\d+(\.\d+)?$/.test(bare) ? bare && Number(bare) : Number.NaN
  }
  const day = text('invoiceDate') === undefined ? undefined : (readDay(line.cell('invoiceDate')) ?? '')
  const price = text('price') === undefined ? undefined : plain(line.text('price')).replaceAll(/[¥￥,，元]/g, '')
  if ((day === undefined) !== (price === undefined) && !failed.has('invoiceDate') && !failed.has('price'))
    line.fault(day === undefined ? 'invoiceDate' : 'price', '购买日期和购买价格要么都填，要么都不填')
  if (day === '') line.fault('invoiceDate', '不是日期，请写成 2026-11-03')
  const span = text('wantedAt') === undefined ? undefined : readTime(line.cell('wantedAt'), setting)
  if (typeof span === 'string') line.fault('wantedAt', span)
  const assign = text('assign') === undefined ? null : technician(line, setting)
  checkTeam(line, setting.team, failed)
  const input = {
    ...{ team: setting.team.id, kind: chosen('kind', kinds, '不认识这个类型，请填 安装、维修、投诉 或 回访') },
    urgent: flag('urgent'),
    customer: {
      ...{ name: text('name'), phone: text('phone')?.normalize('NFKC'), address: text('address'), zone: text('zone') },
      ...{
        distanceKm: number('distanceKm', /(公里|千米|km)$/),
        key: text('key') === undefined ? undefined : flag('key'),
      },
    },
    product: { brand: text('brand'), model: text('model'), serial: text('serial') },
    ...{ fault: text('fault'), category: text('category'), units: number('units', /(台|套|件|个)$/) },
    warranty:
      text('warranty') === undefined
        ? undefined
        : chosen(
            'warranty',
            [
              ['in', covered],
              ['out', over],
            ] as const,
            '请填 保内 或 保外',
          ),
    invoice: day && price !== undefined ? { date: day, price } : undefined,
    externalId: text('externalId'),
  }
  const parsed = orderInput.safeParse(input)
  if (!parsed.success) for (const issue of parsed.error.issues) object(line, issue, failed)
  if (!parsed.success || line.faults.length > 0) return null
  const { team: _team, assign: _assign, wantedAt: _wantedAt, ...fields } = parsed.data
  const kept = JSON.parse(JSON.stringify({ ...fields, ...(typeof span === 'object' && { wanted: span }) }))
  return { row: line.row, fields: kept as OrderFields, assign }
}

/** Faults of cells that hold no value: failed formulas, and numbers of which Excel kept only the beginning. */
function readable(line: OrderLine): Set<OrderField> {
  const failed = new Set<OrderField>()
  for (const { field, shown } of orderColumns) {
    const text = shown ? '' : line.text(field)
    if (isError(text)) line.fault(field, '是公式出错的结果，请改好公式或直接填值')
    else if (/^\d(\.\d+)?E\+\d+$/i.test(text) || isCut(line.cell(field)))
      line.fault(field, '是 Excel 改写过的数字，后面的位数丢了，请把这一列设为文本再填')
    else continue
    failed.add(field)
  }
  return failed
}

/** A workbook's number has fifteen digits; of a longer one the last are gone. */
const isCut = (cell: Cell): boolean => typeof cell === 'number' && Math.abs(cell) >= 1e15

function object(
  line: OrderLine,
  issue: { code: string; path: PropertyKey[]; maximum?: unknown },
  failed: ReadonlySet<OrderField>,
): void {
  const field = fieldAt[issue.path.join('.')]
  // It has been said already what is wrong with this cell.
  if (field === undefined || failed.has(field) || line.has(field)) return
  if (line.text(field) === '') line.fault(field, wanted[field] ?? '请填上')
  else if (issue.code === 'too_big' && wrong[field] === undefined)
    line.fault(field, `太长了，最多 ${issue.maximum} 个字，请缩短`)
  else line.fault(field, wrong[field] ?? '不能这样填，请照模板里的说明改')
}

function checkTeam(line: OrderLine, team: OrderSetting['team'], failed: ReadonlySet<OrderField>): void {
  const named = line.text('team')
  if (named !== '' && !failed.has('team') && named !== team.name && named !== team.id)
    line.fault('team', `正在导入的是「${team.name}」，请把别的班组的单分开导入`)
}

/** The technician a cell means: his whole name, or what he is called where that fits only one. */
function technician(line: OrderLine, { technicians, team }: OrderSetting): Someone | null {
  const said = line.text('assign').replace(/^@/, '').trim()
  const whole = technicians.find(({ name }) => name === said)
  if (whole) return whole
  const short = said.replace(/(师傅|工|工程师)$/, '')
  const named = technicians.filter(({ name }) => name === short)
  const fitting = named.length > 0 || short === '' ? named : technicians.filter(({ name }) => name.startsWith(short))
  const [only, second] = fitting
  if (only && !second) return only
  const names = (people: readonly Someone[]) =>
    people
      .slice(0, 8)
      .map(({ name }) => name)
      .join('、')
  if (second) line.fault('assign', `可能是${names(fitting)}，请写全名`)
  else if (technicians.length === 0) line.fault('assign', `「${team.name}」还没有技术员，请先留空`)
  else
    line.fault(
      'assign',
      `不是「${team.name}」的技术员，技术员有：${names(technicians)}${technicians.length > 8 ? '…' : ''}`,
    )
  return null
}

/** The same number twice in one table. */
export function repeats(line: OrderLine, seen: Map<string, number>): boolean {
  const id = line.text('externalId')
  const first = id === '' ? undefined : seen.get(id)
  if (id !== '' && first === undefined) seen.set(id, line.row)
  if (first !== undefined) line.fault('externalId', `和第 ${first} 行重复，请删掉一行，或改成它自己的单号`)
  return first !== undefined
}
