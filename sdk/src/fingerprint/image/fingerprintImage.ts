import { bytesToHex } from '../../hex/index.ts'
import { genImageCode } from '../../iscc/index.ts'
import { base64url } from './base64.ts'
import { blockhash } from './blockhash.ts'
import { decodeRaster } from './decode.node.ts'
import { encodeFeatures } from './featureFile.ts'
import { trimmedBox } from './isccPixels.ts'
import { localFeatures } from './localFeatures.ts'
import { pdq, WORK_SIZE } from './pdq.ts'
import { onWhite, release } from './pixels.ts'
import { scan } from './scan.ts'

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
  /**
   * The feature file in base64url, at most 28 KB of text: what recognises crops, turns, collages and photographs of screens.
   * Absent when only the signature was asked for. `decodeFeatures` reads it.
   */
  local?: string
}

export interface ImageContent {
  /** ISCC Image-Code, 256 bits. */
  isccContent: string
  features: ImageFeatures
}

/** Decodes a picture and computes what is robust about it. `onStep` may end the call by throwing. */
export async function fingerprintImage(
  bytes: Uint8Array<ArrayBuffer>,
  options: { maxPixels: number; signatureOnly: boolean; name?: string; onStep?: (done: number, total: number) => void },
): Promise<ImageContent> {
  const { onStep, signatureOnly } = options
  const steps = signatureOnly ? 2 : 3
  onStep?.(0, steps)
  const decoded = await decodeRaster(bytes, options)
  onStep?.(1, steps)
  const pixels = onWhite(decoded)
  const { luma, blocks, grey } = scan(pixels, {
    luma: Math.min(pixels.width, WORK_SIZE),
    blocks: true,
    grey: trimmedBox(pixels),
  })
  const { bits, quality } = pdq(luma)
  const blockCode = blockhash(pixels, blocks)
  const isccContent = genImageCode(grey, { bits: 256 }).iscc
  onStep?.(2, steps)
  const local = signatureOnly ? undefined : base64url(encodeFeatures(localFeatures(pixels, luma)))
  for (const { data } of [decoded, pixels, luma]) release(data)
  if (!signatureOnly) onStep?.(3, steps)
  return {
    isccContent,
    features: {
      width: decoded.width,
      height: decoded.height,
      frames: decoded.frames,
      pdq: bytesToHex(bits),
      pdqQuality: quality,
      ...(blockCode === undefined ? {} : { blockhash: bytesToHex(blockCode) }),
      ...(local === undefined ? {} : { local }),
    },
  }
}
