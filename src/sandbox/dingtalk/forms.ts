import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { type Call, shaped } from './call.ts'
import type { Desk } from './desk.ts'
import type { FieldKept, FormKept } from './kept.ts'
import { refused } from './refused.ts'

/** Components the sandbox knows (dingtalk.md §7.1). */
const component = z.looseObject({
  componentType: z.enum(['DDSelectField', 'DDDateRangeField', 'TextareaField', 'TextField', 'NumberField']),
  props: z.looseObject({
    label: z.string().min(1).max(40),
    required: z.boolean().optional(),
    options: z.array(z.string().min(1)).optional(),
    unit: z.enum(['小时', '天']).optional(),
    format: z.string().optional(),
  }),
})
const shape = z.looseObject({
  name: z.string().min(1).max(200),
  description: z.string().max(300).optional(),
  processCode: z.string().optional(),
  formComponents: z.array(component).min(1).max(200),
})

/** Approval forms of the company (dingtalk.md §7.1). */
export class Forms {
  constructor(private readonly desk: Desk) {}

  /** `POST /v1.0/workflow/forms`: a new one, or the one of this code changed. */
  put(call: Call): Record<string, unknown> {
    const given = shaped(shape, call)
    const { forms } = this.desk.kept
    if (given.processCode !== undefined && !forms.has(given.processCode))
      throw refused('processcode.error', 'processCode对应的审批流程不存在')
    const named = [...forms.values()].find(form => form.name === given.name)
    if (named && named.code !== given.processCode) throw refused('formName.error', '已有相同名称表单')
    const code = given.processCode ?? `PROC-${randomUUID().toUpperCase()}`
    const fields = given.formComponents.map(
      ({ componentType: type, props }): FieldKept => ({
        ...{ type, label: props.label, required: props.required ?? false, options: props.options ?? [] },
      }),
    )
    if (fields.some(({ type, options }) => type === 'DDSelectField' && options.length === 0))
      throw refused('formschema.error', '单选框没有选项')
    forms.set(code, { code, name: given.name, fields })
    this.desk.changed()
    return { result: { processCode: code } }
  }

  /** `GET /v1.0/workflow/processCentres/schemaNames/processCodes` */
  byName(call: Call): Record<string, unknown> {
    const name = call.query.get('name') ?? ''
    const found = [...this.desk.kept.forms.values()].find(form => form.name === name)
    if (!found) throw refused('processCodeError', '获取审批模板失败或者模板已被删除')
    return { result: { processCode: found.code } }
  }

  /** `GET /v1.0/workflow/forms/schemas/processCodes` */
  schema(call: Call): Record<string, unknown> {
    const { code, name, fields } = this.of(call.query.get('processCode') ?? '')
    const items = fields.map(({ type, label, required, options }) => ({
      ...{ componentName: type, props: { id: `${type}-${label}`, label, required, options } },
    }))
    return { result: { name, procCode: code, schemaContent: { title: name, items } } }
  }

  of(code: string): FormKept {
    const form = this.desk.kept.forms.get(code)
    if (!form) throw refused('processCodeError', '获取审批模板失败或者模板已被删除')
    return form
  }
}

/** The checks of `POST /v1.0/workflow/processInstances` on what is filled in; returns lines for people to read. */
export function checkValues(form: FormKept, values: ReadonlyArray<{ name: string; value: string }>): string[] {
  for (const { name } of values)
    if (!form.fields.some(({ label }) => label === name)) throw refused('illegalComponent', `表单没有控件：${name}`)
  return form.fields.flatMap(field => {
    const value = values.find(({ name }) => name === field.label)?.value ?? ''
    const wrong = () => refused('formConverterError', `表单数据校验失败，失败控件：${field.label}`)
    if (value === '') {
      if (field.required) throw wrong()
      return []
    }
    if (field.type === 'DDSelectField' && !field.options.includes(value)) throw wrong()
    if (field.type !== 'DDDateRangeField') return [value]
    const ends = z.tuple([z.string(), z.string()]).safeParse(jsonOf(value))
    if (!ends.success || !ends.data.every(end => /^\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?$/.test(end))) throw wrong()
    if (ends.data[1] < ends.data[0]) throw wrong()
    return [ends.data.join(' 至 ')]
  })
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
