import type { Box, Plane } from './pixels.ts'

/** Grey levels that a line of a border may differ from the border's own, on average. */
const FLAT = 5
/** Grey levels from which a pixel does not belong to the border. */
const APART = 24
/** Share of a line's pixels that may stand out: rubbish that JPEG leaves, a logo on the bar. */
const OUTLIERS = 0.02
/** A side that would lose more than this share of the picture keeps what it has: that is a plain picture, not a border. */
const MOST = 0.45
/** Pixels of the frame that the edge of a border is blurred over. */
const SOFT_EDGE = 1

/**
 * The picture without borders, letterbox and pillarbox bars. A border is a run of lines at a side that are of one grey level, the same for all
 * of them. Found on the grey frame, so that it works for every colour and after lossy encoding.
 */
export function contentBox(frame: Plane): Box {
  const { width, height } = frame
  const box = { left: 0, top: 0, right: width, bottom: height }
  // Bars above and below may be shorter than they look while bars at the sides are still there, so go round until nothing changes.
  for (let round = 0; round < 4; round++) {
    const before = { ...box }
    box.top += flatLines(frame, box, 'top', Math.floor(height * MOST) - box.top)
    box.bottom -= flatLines(frame, box, 'bottom', Math.floor(height * MOST) - (height - box.bottom))
    box.left += flatLines(frame, box, 'left', Math.floor(width * MOST) - box.left)
    box.right -= flatLines(frame, box, 'right', Math.floor(width * MOST) - (width - box.right))
    if (before.left === box.left && before.top === box.top && before.right === box.right && before.bottom === box.bottom) break
  }
  if (box.right - box.left < 16 || box.bottom - box.top < 16) return { left: 0, top: 0, right: width, bottom: height }
  return box
}

function flatLines({ width, data }: Plane, box: Box, side: 'left' | 'top' | 'right' | 'bottom', most: number): number {
  const across = side === 'top' || side === 'bottom'
  const length = across ? box.right - box.left : box.bottom - box.top
  const depth = across ? box.bottom - box.top : box.right - box.left
  const step = across ? 1 : width
  const start = (line: number): number => {
    if (side === 'top') return (box.top + line) * width + box.left
    if (side === 'bottom') return (box.bottom - 1 - line) * width + box.left
    return box.top * width + (side === 'left' ? box.left + line : box.right - 1 - line)
  }
  if (length < 1 || depth < 1) return 0
  const level = medianOf(data, start(0), step, length)
  let line = 0
  for (; line < depth; line++) {
    let sum = 0
    let outliers = 0
    for (let k = 0, at = start(line); k < length; k++, at += step) {
      const difference = Math.abs(data[at]! - level)
      if (difference > APART) outliers++
      else sum += difference
    }
    if (outliers > length * OUTLIERS || sum > FLAT * length) break
  }
  if (line === 0) return 0
  // Past the most there is to take, this is no border but a plain part of the picture.
  const taken = Math.min(line + SOFT_EDGE, depth)
  return taken > most ? 0 : taken
}

function medianOf(data: Uint8Array, start: number, step: number, length: number): number {
  const counts = new Uint32Array(256)
  for (let k = 0, at = start; k < length; k++, at += step) counts[data[at]!]!++
  let level = 0
  for (let seen = counts[0]!; seen * 2 < length; seen += counts[level]!) level++
  return level
}
