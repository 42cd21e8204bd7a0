import type { MediaRef } from '../../chat/inbound.ts'
import { Permanent, Temporary } from '../../errors.ts'
import { mimeOf } from '../mime.ts'
import type { Api } from './api.ts'
import type { Client } from './client.ts'

const mostBytes = 20 * 1_048_576

/** A file somebody gave the robot (dingtalk.md §2.8): a code for a link, a link for the bytes, both short-lived. */
export async function fetchMedia(
  { source, name }: MediaRef,
  { api, client, robotCode }: { api: Api; client: Client; robotCode: string },
): Promise<{ bytes: Buffer; mime: string; name?: string }> {
  if (!('mediaId' in source)) throw new Permanent('media-gone', 'the file has no download code')
  const answer = await api.call({
    ...{ api: 'robot/messageFiles', path: '/v1.0/robot/messageFiles/download' },
    body: { downloadCode: source.mediaId, robotCode },
  })
  if (typeof answer.downloadUrl !== 'string')
    throw new Temporary('no-file', 'robot/messageFiles: no link in the answer')
  const { bytes } = await client.download(answer.downloadUrl, mostBytes)
  return { bytes, mime: mimeOf(bytes), ...(name && { name }) }
}
