import { z } from 'zod'

/** The company's leave form as an administrator made it: its controls' ids change whenever he edits it. */
export const templateShape = z.object({
  vacationId: z.string(),
  reasonId: z.string(),
  /** By halves of a day, or by hours. */
  unit: z.enum(['halfday', 'hour']),
  types: z.array(z.string()),
  /** Something else that must be filled in. */
  extra: z.string().optional(),
})

export type LeaveTemplate = z.infer<typeof templateShape>

export const newTemplate = (): LeaveTemplate => ({
  ...{ vacationId: 'vacation-1563793073898', reasonId: 'item-1497581426169', unit: 'halfday' },
  types: ['年假', '事假', '病假', '调休', '婚假', '产假', '陪产假', '丧假', '工伤假', '哺乳假'],
})

const zh = (text: string) => [{ text, lang: 'zh_CN' }]
const property = (control: string, id: string, title: string) => ({
  ...{ control, id, title: zh(title), placeholder: zh(''), require: 1, un_print: 0 },
})

/** What `oa/gettemplatedetail` says of it (/91982). */
export const templateDetail = ({ vacationId, reasonId, unit, types, extra }: LeaveTemplate) => ({
  template_names: zh('请假'),
  template_content: {
    controls: [
      {
        property: property('Vacation', vacationId, '请假类型'),
        config: {
          attendance: { date_range: { type: unit }, type: 1 },
          vacation_list: { item: types.map((name, at) => ({ id: at + 1, name: zh(name) })) },
        },
      },
      { property: property('Textarea', reasonId, '请假事由') },
      ...(extra === undefined ? [] : [{ property: property('Text', 'Text-1', extra) }]),
    ],
  },
})
