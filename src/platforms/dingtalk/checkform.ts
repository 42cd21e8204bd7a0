import { z } from 'zod'
import { labels } from './leaveform.ts'

const component = z.looseObject({
  componentName: z.string().default(''),
  props: z.looseObject({ label: z.string().default('') }),
})
const schema = z.looseObject({
  result: z.looseObject({ schemaContent: z.looseObject({ items: z.array(component) }) }),
})

/** What a company's own leave form lacks (`GET /v1.0/workflow/forms/schemas/processCodes`, dingtalk.md §7.1); '' when nothing. */
export function formFaults(answer: unknown): string {
  const read = schema.safeParse(answer)
  if (!read.success) return 'its schema cannot be read'
  const has = read.data.result.schemaContent.items.map(({ props }) => props.label)
  return Object.values(labels)
    .filter(label => !has.includes(label))
    .join('、')
}
