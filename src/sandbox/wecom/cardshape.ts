import { z } from 'zod'

const link = {
  type: z.int().optional(),
  url: z.string().optional(),
  appid: z.string().optional(),
  pagepath: z.string().optional(),
}
const option = z.looseObject({
  id: z.string().optional(),
  text: z.string().optional(),
  is_checked: z.boolean().optional(),
})
const list = z.looseObject({
  question_key: z.string().optional(),
  title: z.string().optional(),
  option_list: z.array(option).optional(),
  selected_id: z.string().optional(),
})

/** The JSON types of `template_card`; what must be present is decided card type by card type in card.ts. */
export const cardShape = z.looseObject({
  card_type: z.string().optional(),
  task_id: z.string().optional(),
  source: z
    .looseObject({ icon_url: z.string().optional(), desc: z.string().optional(), desc_color: z.int().optional() })
    .optional(),
  action_menu: z
    .looseObject({
      desc: z.string().optional(),
      action_list: z.array(z.looseObject({ text: z.string().optional(), key: z.string().optional() })).optional(),
    })
    .optional(),
  main_title: z.looseObject({ title: z.string().optional(), desc: z.string().optional() }).optional(),
  quote_area: z.looseObject({ ...link, title: z.string().optional(), quote_text: z.string().optional() }).optional(),
  emphasis_content: z.looseObject({ title: z.string().optional(), desc: z.string().optional() }).optional(),
  sub_title_text: z.string().optional(),
  horizontal_content_list: z
    .array(
      z.looseObject({
        type: z.int().optional(),
        keyname: z.string().optional(),
        value: z.string().optional(),
        url: z.string().optional(),
        media_id: z.string().optional(),
        userid: z.string().optional(),
      }),
    )
    .optional(),
  vertical_content_list: z
    .array(z.looseObject({ title: z.string().optional(), desc: z.string().optional() }))
    .optional(),
  jump_list: z
    .array(z.looseObject({ ...link, title: z.string().optional(), question: z.string().optional() }))
    .optional(),
  card_action: z.looseObject(link).optional(),
  card_image: z.looseObject({ url: z.string().optional(), aspect_ratio: z.number().optional() }).optional(),
  image_text_area: z.looseObject({ ...link, image_url: z.string().optional() }).optional(),
  button_selection: list.optional(),
  button_list: z
    .array(
      z.looseObject({
        type: z.int().optional(),
        text: z.string().optional(),
        style: z.int().optional(),
        key: z.string().optional(),
        url: z.string().optional(),
      }),
    )
    .optional(),
  checkbox: list.extend({ mode: z.int().optional(), disable: z.boolean().optional() }).optional(),
  submit_button: z.looseObject({ text: z.string().optional(), key: z.string().optional() }).optional(),
  select_list: z.array(list.extend({ disable: z.boolean().optional() })).optional(),
  replace_text: z.string().optional(),
})

export type RawCard = z.infer<typeof cardShape>
export type RawOptions = z.infer<typeof list>

/** Recommended lengths in characters; the client cuts what is longer. The bot's cards are narrower. */
export const appLengths = {
  source: 20,
  title: 36,
  desc: 44,
  figure: 14,
  figureDesc: 22,
  sub: 160,
  label: 5,
  value: 30,
  button: 10,
  option: 16,
}
export const botLengths = {
  source: 13,
  title: 26,
  desc: 30,
  figure: 10,
  figureDesc: 15,
  sub: 112,
  label: 5,
  value: 26,
  button: 10,
  option: 10,
}
export type Lengths = typeof appLengths
