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
  constructor(
    readonly text: string,
    readonly mime = text.startsWith('{') ? 'application/json' : 'text/html; charset=utf-8',
  ) {}
}

/** A multipart form, or nothing when the body is none. */
export async function formOf(body: Buffer, contentType: string): Promise<FormData | undefined> {
  try {
    return await new Response(new Uint8Array(body), { headers: { 'content-type': contentType } }).formData()
  } catch {
    return undefined
  }
}
