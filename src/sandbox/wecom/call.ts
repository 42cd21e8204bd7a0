import { formOf } from '../answers.ts'
import { isRecord } from '../json.ts'
import { Refused } from './errcode.ts'

/** One API call as the handlers see it. */
export interface Call {
  query: URLSearchParams
  body: Buffer
  contentType: string
  /** Address of the machine that calls. */
  from: string
  /** Says something in the exchange log. */
  note: (text: string) => void
}

export function jsonBody(call: Call): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = JSON.parse(call.body.toString('utf8'))
  } catch {
    throw new Refused(40058, 'invalid parameter: the body is not JSON')
  }
  if (!isRecord(parsed)) throw new Refused(40058, 'invalid parameter: the body is not a JSON object')
  return parsed
}

/** The uploaded file of a multipart form; `field` is fixed by the platform (`media`). */
export async function uploadOf(call: Call, field: string): Promise<{ bytes: Buffer; name: string; mime: string }> {
  const form = await formOf(call.body, call.contentType)
  if (!form) throw new Refused(41005, 'missing media data: the body is not a multipart form')
  const file = form.get(field)
  if (!(file instanceof File)) throw new Refused(41005, `missing media data: no file in the form field "${field}"`)
  return { bytes: Buffer.from(await file.arrayBuffer()), name: file.name, mime: file.type }
}
