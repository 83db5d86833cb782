import type { Metadata, Sharp, SharpOptions } from 'sharp'
import { ColophonError } from '../../errors/base.ts'
import type { DecodeImage } from './decode.ts'

/** Decodes with sharp (libvips). Browsers get `decode.browser.ts` in its place, by the `browser` field of the package. */
export const decodeImage: DecodeImage = async (bytes, { maxPixels, name }) => {
  const sharp = await loadSharp()
  const open = (): Sharp => sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error', ignoreIcc: true, pages: 1, sequentialRead: true })
  const refused = (cause: unknown): ColophonError => {
    const reason = cause instanceof Error ? cause.message : String(cause)
    if (/pixel limit/i.test(reason)) return tooManyPixels(name, maxPixels, undefined, cause)
    return new ColophonError('IMAGE_UNREADABLE', `The picture cannot be decoded: ${reason.split('\n')[0]!.replace(/[\s:.]+$/, '')}.`, {
      hint: 'The file is damaged, cut short or of a kind this build does not know. Open it in a viewer and save it again.',
      details: { name },
      cause,
    })
  }
  let facts: Metadata
  try {
    facts = await open().metadata()
  } catch (cause) {
    throw refused(cause)
  }
  if (facts.width * facts.height > maxPixels) throw tooManyPixels(name, maxPixels, facts.width * facts.height, undefined)
  try {
    const { data, info } = await open()
      .autoOrient()
      .toColourspace('srgb')
      .ensureAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return {
      width: info.width,
      height: info.height,
      data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
      frames: facts.pages ?? 1,
    }
  } catch (cause) {
    throw refused(cause)
  }
}

function tooManyPixels(name: string | undefined, maxPixels: number, pixels: number | undefined, cause: unknown): ColophonError {
  return new ColophonError('IMAGE_TOO_LARGE', `The picture has more than ${maxPixels} pixels.`, {
    hint: 'If it is real and the machine has the memory, raise maxPixels (about 8 bytes a pixel).',
    details: { name, maxPixels, ...(pixels === undefined ? {} : { pixels }) },
    ...(cause === undefined ? {} : { cause }),
  })
}

/**
 * sharp, which is an optional dependency.
 *
 * @throws ColophonError `DEPENDENCY_MISSING`
 */
export async function loadSharp(): Promise<(input: Uint8Array, options: SharpOptions) => Sharp> {
  try {
    return (await import('sharp')).default
  } catch (cause) {
    throw new ColophonError('DEPENDENCY_MISSING', 'Pictures are decoded with sharp, which is not installed.', {
      hint: 'Run: npm install sharp',
      details: { package: 'sharp' },
      cause,
    })
  }
}
