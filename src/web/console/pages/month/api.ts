import type {
  FigurePage,
  FiguresEntered,
  MonthChoice,
  MonthPage,
  Sending,
  SlipView,
} from '../../../../console/monthwire.ts'
import { ask, change, download } from '../../../shared/ask.ts'

export interface Of {
  team: string
  month: string
}

/** What was done, in the sentence chat has for it, and the month as it is now. */
export interface Done {
  said: string
  page: MonthPage
}

const root = '/console/api'
const month = ({ team, month: of }: Of) => `${root}/months/${team}/${of}`
const query = (of: Of) => new URLSearchParams({ ...of })

export const loadChoice = (): Promise<MonthChoice> => ask(`${root}/months`)
export const loadMonth = (of: Of): Promise<MonthPage> => ask(month(of))
export const loadSlip = (of: Of, person: string): Promise<SlipView> => ask(`${month(of)}/people/${person}`)
export const loadOwnSlip = ({ team, month: of }: Of): Promise<SlipView> => ask(`${root}/slips/${team}/${of}`)

export type Step = 'draft' | 'publish' | 'lock'
export const step = (of: Of, wanted: Step): Promise<Done> => ask(`${month(of)}/${wanted}`, change('POST', {}))
export const loadSending = (of: Of, wanted: Step): Promise<{ items: Sending[] }> =>
  ask(`${month(of)}/sending?step=${wanted}`)

export interface Adjustment {
  person: string
  item: string
  /** Null takes back what was set by hand. */
  amount: string | null
  reason: string
}
export const adjust = (of: Of, body: Adjustment): Promise<Done> => ask(`${month(of)}/adjustments`, change('POST', body))
export const answerAppeal = (of: Of, nr: number, body: { upheld: boolean; reason: string }): Promise<Done> =>
  ask(`${month(of)}/appeals/${nr}/answer`, change('POST', body))

export const saveSheet = (of: Of, person?: string): Promise<void> =>
  download(`${month(of)}/sheet${person === undefined ? '' : `?person=${person}`}`)
export const savePicture = (of: Of, page: number): Promise<void> => download(`${month(of)}/picture?page=${page}`)

export const loadFigures = (of: Of): Promise<FigurePage> => ask(`${root}/figures?${query(of)}`)
export interface FigureValue {
  name: string
  person: string | null
  value: string | null
}
export const enterFigures = (of: Of, values: FigureValue[]): Promise<FiguresEntered> =>
  ask(`${root}/figures`, change('PUT', { ...of, values }))
export const saveFigureSheet = (of: Of): Promise<void> => download(`${root}/figures/sheet?${query(of)}`)
export const sendFigureSheet = (of: Of, file: Blob): Promise<FiguresEntered> =>
  ask(`${root}/figures/sheet?${query(of)}`, change('POST', file))
