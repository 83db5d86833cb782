import { bytesToHex } from '../../hex/index.ts'
import { genImageCode } from '../../iscc/index.ts'
import { blockhash } from './blockhash.ts'
import { decodeImage } from './decode.node.ts'
import { isccPixels } from './isccPixels.ts'
import { pdq } from './pdq.ts'
import { onWhite } from './pixels.ts'

/** What comparing pictures needs. Codes are `0x` hex. */
export interface ImageFeatures {
  width: number
  height: number
  /** Frames or pages of the file; the fingerprint is that of the first. */
  frames: number
  pdq: `0x${string}`
  /** 0 to 100. */
  pdqQuality: number
  /** 16 × 16 blocks; absent for pictures narrower than that. */
  blockhash?: `0x${string}`
}

export interface ImageContent {
  /** ISCC Image-Code, 256 bits. */
  isccContent: string
  features: ImageFeatures
}

/** Decodes a picture and computes what is robust about it. `onStep` may end the call by throwing. */
export async function fingerprintImage(
  bytes: Uint8Array<ArrayBuffer>,
  options: { maxPixels: number; name?: string; onStep?: (done: number, total: number) => void },
): Promise<ImageContent> {
  const { onStep } = options
  onStep?.(0, 2)
  const decoded = await decodeImage(bytes, options)
  onStep?.(1, 2)
  const pixels = onWhite(decoded)
  const { bits, quality } = pdq(pixels)
  const blocks = blockhash(pixels)
  const isccContent = genImageCode(isccPixels(pixels), { bits: 256 }).iscc
  onStep?.(2, 2)
  return {
    isccContent,
    features: {
      width: decoded.width,
      height: decoded.height,
      frames: decoded.frames,
      pdq: bytesToHex(bits),
      pdqQuality: quality,
      ...(blocks === undefined ? {} : { blockhash: bytesToHex(blocks) }),
    },
  }
}
