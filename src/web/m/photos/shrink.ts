const longest = 1_600
const quality = 0.8

/**
 * A photo as it is sent: at most 1,600 px, JPEG. It is drawn anew, upright, so that nothing but the picture is left of
 * it: no place, no phone, no time. @throws when the browser can't read it
 */
export async function shrink(file: Blob): Promise<Blob> {
  const { source, width, height } = await read(file)
  const scale = Math.min(1, longest / Math.max(width, height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(width * scale))
  canvas.height = Math.max(1, Math.round(height * scale))
  const brush = canvas.getContext('2d')
  if (!brush) throw new Error('no canvas')
  // JPEG knows no transparency: what is clear in a PNG would turn black.
  brush.fillStyle = '#fff'
  brush.fillRect(0, 0, canvas.width, canvas.height)
  brush.drawImage(source, 0, 0, canvas.width, canvas.height)
  if ('close' in source) source.close()
  return new Promise((done, fail) =>
    canvas.toBlob(made => (made ? done(made) : fail(new Error('no picture'))), 'image/jpeg', quality),
  )
}

/** The picture, upright; an image element where a browser is too old for more, which turns it by itself. */
async function read(file: Blob): Promise<{ source: ImageBitmap | HTMLImageElement; width: number; height: number }> {
  if ('createImageBitmap' in globalThis) {
    const source = await createImageBitmap(file, { imageOrientation: 'from-image' })
    return { source, width: source.width, height: source.height }
  }
  const source = new Image()
  source.src = URL.createObjectURL(file)
  try {
    await source.decode()
    return { source, width: source.naturalWidth, height: source.naturalHeight }
  } finally {
    URL.revokeObjectURL(source.src)
  }
}
