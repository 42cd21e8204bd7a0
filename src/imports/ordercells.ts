import type { OrderFields } from '../orders/fact.ts'
import { type OrderField, orderColumns } from './ordercolumns.ts'
import { writeTime } from './times.ts'

/** An order as the cells of a table: what an export writes and an import reads back as the same order. */

export type OrderCells = Partial<Record<OrderField, string>>

const kindNames = { install: '安装', repair: '维修', complaint: '投诉', revisit: '回访' } as const
export const yesNo = (value: boolean): string => (value ? '是' : '否')

/** `more`: what is known of it besides how it came in. */
export function orderCells(
  fields: OrderFields,
  zone: string,
  more: OrderCells | { assign?: string | undefined } = {},
): OrderCells {
  const { kind, urgent, customer, product, fault, category, units, warranty, invoice, wanted, externalId } = fields
  const all = {
    ...{ externalId, kind: kindNames[kind], urgent: yesNo(urgent), name: customer.name, phone: customer.phone },
    ...{ address: customer.address, zone: customer.zone, distanceKm: customer.distanceKm?.toString() },
    ...{ key: customer.key === undefined ? undefined : yesNo(customer.key), fault, category },
    ...{ brand: product.brand, model: product.model, serial: product.serial, units: units?.toString() },
    warranty: warranty && { in: '保内', out: '保外' }[warranty],
    ...{ invoiceDate: invoice?.date, price: invoice?.price, wantedAt: wanted && writeTime(wanted, zone), ...more },
  }
  return Object.fromEntries(
    Object.entries(all).filter(([, value]) => value !== undefined && value !== ''),
  ) as OrderCells
}

/** By title, for people. */
export const shownCells = (cells: OrderCells): Record<string, string> =>
  Object.fromEntries(
    orderColumns.flatMap(({ field, title }) => (cells[field] === undefined ? [] : [[title, cells[field]]])),
  )
