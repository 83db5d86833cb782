import { encodeQR } from 'qr'
import type { Shape } from './sheet.ts'

/** A QR code as squares; error correction of 15 % (level M). Modules that touch in a row are one rectangle, so that no seam shows. */
export function qrShapes(text: string, x: number, y: number, size: number): Shape[] {
  // The library draws a quiet zone; the page has its own.
  const modules = encodeQR(text, 'raw', { ecc: 'medium', border: 1 })
    .slice(1, -1)
    .map((cells) => cells.slice(1, -1))
  const unit = size / modules.length
  const shapes: Shape[] = []
  for (const [row, cells] of modules.entries()) {
    for (let column = 0; column < cells.length; column++) {
      if (cells[column] !== true) continue
      const from = column
      while (cells[column + 1] === true) column++
      const [left, right, top, bottom] = [x + from * unit, x + (column + 1) * unit, y + row * unit, y + (row + 1) * unit]
      shapes.push({
        from: [left, top],
        segments: [
          [right, top],
          [right, bottom],
          [left, bottom],
        ],
      })
    }
  }
  return shapes
}
