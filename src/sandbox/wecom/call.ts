import { Refused } from './errcode.ts'
import { isRecord } from './xml.ts'

/** One API call as the handlers see it. */
export interface Call {
  query: URLSearchParams
  body: Buffer
  contentType: string
  /** Says something in the exchange log. */
  note: (text: string) => void
}

/** A file instead of JSON. */
export class FileAnswer {
  constructor(
    readonly bytes: Buffer,
    readonly mime: string,
    readonly name: string,
  ) {}
}

/** Something a platform should not answer: what a proxy in front of it says when it is down. */
export class TextAnswer {
  constructor(readonly text: string) {}
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
  let file: unknown
  try {
    const form = await new Response(new Uint8Array(call.body), {
      headers: { 'content-type': call.contentType },
    }).formData()
    file = form.get(field)
  } catch {
    throw new Refused(41005, 'missing media data: the body is not a multipart form')
  }
  if (!(file instanceof File)) throw new Refused(41005, `missing media data: no file in the form field "${field}"`)
  return { bytes: Buffer.from(await file.arrayBuffer()), name: file.name, mime: file.type }
}
