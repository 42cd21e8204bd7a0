/** Photos as phones send them: shrunk in the browser to a JPEG data URL. */
const LONGEST = 1600
const QUALITY = 0.8

function canvasOf(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas')
  canvas.width = width
  canvas.height = height
  const pen = canvas.getContext('2d')
  if (!pen) throw new Error('这个浏览器不能处理照片')
  return [canvas, pen]
}

/** @throws Error when the file is not a picture this browser can read */
export async function shrink(file: Blob): Promise<string> {
  const picture = await createImageBitmap(file).catch(() => {
    throw new Error('这个文件不是能识别的照片')
  })
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height))
  const [canvas, pen] = canvasOf(Math.round(picture.width * scale), Math.round(picture.height * scale))
  pen.fillStyle = '#fff'
  pen.fillRect(0, 0, canvas.width, canvas.height)
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
  picture.close()
  return canvas.toDataURL('image/jpeg', QUALITY)
}

function box(pen: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, r: number, fill: string): void {
  pen.beginPath()
  pen.roundRect(x, y, w, h, r)
  pen.fillStyle = fill
  pen.fill()
}

function fan(pen: CanvasRenderingContext2D, x: number, y: number): void {
  pen.strokeStyle = '#8d979f'
  pen.lineWidth = 5
  for (let ring = 40; ring <= 190; ring += 30) {
    pen.beginPath()
    pen.arc(x, y, ring, 0, Math.PI * 2)
    pen.stroke()
  }
  for (let spoke = 0; spoke < 8; spoke++) {
    const turn = (spoke * Math.PI) / 4
    pen.beginPath()
    pen.moveTo(x + Math.cos(turn) * 40, y + Math.sin(turn) * 40)
    pen.lineTo(x + Math.cos(turn) * 190, y + Math.sin(turn) * 190)
    pen.stroke()
  }
  pen.beginPath()
  pen.arc(x, y, 40, 0, Math.PI * 2)
  pen.fillStyle = '#5f6a72'
  pen.fill()
}

/** A drawn stand-in for a photo of an outdoor unit, stamped with who and when as site cameras do. */
export function samplePhoto(who: string, when: string): string {
  const [canvas, pen] = canvasOf(1200, 900)
  const wall = pen.createLinearGradient(0, 0, 0, 900)
  wall.addColorStop(0, '#b9c4c9')
  wall.addColorStop(1, '#8fa0a6')
  pen.fillStyle = wall
  pen.fillRect(0, 0, 1200, 900)
  pen.strokeStyle = 'rgb(255 255 255 / 18%)'
  pen.lineWidth = 3
  for (let y = 0; y < 700; y += 70) {
    for (let x = (y / 70) % 2 ? -80 : 0; x < 1200; x += 160) pen.strokeRect(x, y, 160, 70)
  }
  box(pen, 0, 720, 1200, 180, 0, '#6c767b')
  box(pen, 190, 190, 820, 560, 22, '#e9edef')
  box(pen, 190, 190, 820, 70, 22, '#dfe4e7')
  fan(pen, 470, 500)
  box(pen, 740, 320, 220, 150, 10, '#cfd6da')
  pen.fillStyle = '#3a444b'
  pen.font = '600 26px sans-serif'
  pen.fillText('KFR-35GW', 760, 365)
  pen.font = '22px sans-serif'
  pen.fillText('R32  0.62kg', 760, 402)
  pen.fillText('示例铭牌', 760, 440)
  box(pen, 240, 750, 90, 40, 4, '#444d53')
  box(pen, 870, 750, 90, 40, 4, '#444d53')
  box(pen, 40, 790, 620, 84, 10, 'rgb(0 0 0 / 55%)')
  pen.fillStyle = '#fff'
  pen.font = '600 30px sans-serif'
  pen.fillText(when, 64, 827)
  pen.font = '24px sans-serif'
  pen.fillText(`${who} · 示例照片`, 64, 861)
  return canvas.toDataURL('image/jpeg', QUALITY)
}
