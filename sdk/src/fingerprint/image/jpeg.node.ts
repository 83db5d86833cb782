import { loadSharp } from './decode.node.ts'
import type { EncodeJpeg } from './drawMatch.ts'

/** Encodes with sharp. Browsers get `jpeg.browser.ts` in its place, by the `browser` field of the package. */
export const encodeJpeg: EncodeJpeg = async ({ width, height, data }, side) => {
  const sharp = await loadSharp()
  const image = sharp(data, { raw: { width, height, channels: 4 } }).flatten({ background: '#fff' })
  return new Uint8Array(await image.resize(side, side, { fit: 'inside', withoutEnlargement: true }).jpeg({ quality: 80 }).toBuffer())
}
