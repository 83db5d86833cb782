import { contentBox } from './border.ts'
import { FRAME_SIZE, type Keypoints, keypointsOf } from './keypoints/keypoints.ts'
import { shrunkDown } from './luma.ts'
import type { Box, Plane, Raster } from './pixels.ts'
import { scan } from './scan.ts'
import { type View, viewsOf } from './views.ts'

/** What recognises a picture after strong changes: crops, turns, collages, photographs of screens. */
export interface LocalFeatures {
  /** The grey picture, of at most 512 pixels a side, that all places below are on. */
  width: number
  height: number
  /** The picture without its border, bars above and below or at the sides. */
  content: Box
  /** Codes of the content in eight turns, in the order of `TURNS`. */
  turns: Uint8Array<ArrayBuffer>[]
  /** The content and crops of it, with their codes. */
  views: View[]
  keypoints: Keypoints
}

/**
 * Features of a picture.
 *
 * @param luma - of the picture, its rows brought to 512 samples if they had more
 */
export function localFeatures(pixels: Raster, luma: Plane<Float32Array>): LocalFeatures {
  const frame = frameOf(pixels, luma)
  const content = contentBox(frame)
  const { turns, views } = viewsOf(frame, content)
  return { width: frame.width, height: frame.height, content, turns, views, keypoints: keypointsOf(frame) }
}

function frameOf(pixels: Raster, luma: Plane<Float32Array>): Plane {
  const scale = Math.min(1, FRAME_SIZE / Math.max(pixels.width, pixels.height))
  const [width, height] = [side(pixels.width, scale), side(pixels.height, scale)]
  // Upright pictures have frames that are narrower than PDQ's.
  const narrow = luma.width === width ? luma : scan(pixels, { luma: width }).luma
  const { data } = height === narrow.height ? narrow : shrunkDown(narrow, height)
  const grey = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at++) grey[at] = data[at]! + 0.5
  return { width, height, data: grey }
}

function side(length: number, scale: number): number {
  return Math.max(Math.round(length * scale), 1)
}
