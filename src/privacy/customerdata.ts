import { mediaOfOrder } from '../chat/media.ts'
import type { Context } from '../context.ts'
import type { Tx } from '../db/tx.ts'
import { orderCells } from '../imports/ordercells.ts'
import { orderColumns } from '../imports/ordercolumns.ts'
import { phrase } from '../orders/factwords.ts'
import { sceneOf } from '../orders/look.ts'
import { isOpen, stateNames } from '../orders/order.ts'
import type { OrderRecord } from '../orders/record.ts'
import { loadOrder } from '../orders/rows.ts'
import { sayRating } from '../rating/say.ts'
import { orderIdsOf } from './datarows.ts'
import { momentIn, type Section } from './sections.ts'

const mediaStates = { wanted: '正在取', stored: '已保存', lost: '没有取到', erased: '已删除' } as const

export interface CustomerData {
  orders: number
  /** Orders still under way: nothing of theirs can be deleted yet. */
  open: string[]
  sections: Section[]
}

/** All that is kept of a customer, found by his number. Photos are named; their orders' pages have them. */
export async function customerData(tx: Tx, ctx: Context, phone: string): Promise<CustomerData> {
  const moment = momentIn(ctx.policy('default').zone)
  const [orders, course, files, ratings]: [string[][], string[][], string[][], string[][]] = [[], [], [], []]
  const open: string[] = []
  const ids = await orderIdsOf(tx, ctx.company, phone)
  for (const id of ids) {
    const order = await loadOrder(tx, ctx.company, id)
    if (!order) continue
    const { code, view, facts } = order
    const scene = await sceneOf(tx, ctx, order)
    if (isOpen(view.state)) open.push(code)
    orders.push(
      cellsOf(
        order,
        scene.zone,
        view.assignee === null ? '' : scene.nameOf(view.assignee),
        moment(facts[0]?.at ?? null),
      ),
    )
    for (const fact of facts) course.push([code, moment(fact.at), phrase(scene, fact), fact.words ?? ''])
    for (const { id: file, kind, createdAt, state } of await mediaOfOrder(tx, ctx.company, id))
      files.push([code, moment(createdAt), kind === 'signature' ? '签字' : '照片', file, mediaStates[state]])
    for (const fact of facts) if (fact.fact === 'rated') ratings.push([code, moment(fact.at), sayRating(fact)])
  }
  return {
    ...{ orders: ids.length, open },
    sections: [
      { title: '工单', columns: orderColumns.map(({ title }) => title), rows: orders },
      { title: '经过', columns: ['单号', '时间', '事情', '原话'], rows: course },
      { title: '照片和签字', columns: ['单号', '时间', '种类', '编号', '状态'], rows: files },
      { title: '评价', columns: ['单号', '时间', '评价'], rows: ratings },
    ],
  }
}

function cellsOf({ code, team, view }: OrderRecord, zone: string, assign: string, createdAt: string): string[] {
  const { fields, outcome, state } = view
  const cells: Record<string, string | undefined> = orderCells(fields, zone, {
    ...{ code, team, assign, createdAt, state: stateNames[state] },
    ...(outcome && { charge: outcome.charge ?? '' }),
  })
  return orderColumns.map(({ field }) => cells[field] ?? '')
}
