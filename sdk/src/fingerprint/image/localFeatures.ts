import { contentBox } from './border.ts'
import { FRAME_SIZE, type Keypoints, keypointsOf } from './keypoints/keypoints.ts'
import { shrunk } from './luma.ts'
import type { Box, Plane } from './pixels.ts'
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

/** Features of a picture's luma. */
export function localFeatures(luma: Plane<Float32Array>): LocalFeatures {
  const frame = frameOf(luma)
  const content = contentBox(frame)
  const { turns, views } = viewsOf(frame, content)
  return { width: frame.width, height: frame.height, content, turns, views, keypoints: keypointsOf(frame) }
}

function frameOf(luma: Plane<Float32Array>): Plane {
  const scale = Math.min(1, FRAME_SIZE / Math.max(luma.width, luma.height))
  const { width, height, data } = shrunk(luma, side(luma.width, scale), side(luma.height, scale))
  const grey = new Uint8Array(data.length)
  for (let at = 0; at < data.length; at++) grey[at] = data[at]! + 0.5
  return { width, height, data: grey }
}

function side(length: number, scale: number): number {
  return Math.max(Math.round(length * scale), 1)
}
