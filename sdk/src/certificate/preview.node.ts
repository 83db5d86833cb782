import { ColophonError } from '../errors/base.ts'

/** Pixels of the longer side; at the size it is shown, some 230 a centimetre and a half: sharp in print. */
export const PREVIEW_PIXELS = 1000

/** A JPEG of red, green and blue, a byte each. @throws ColophonError `DEPENDENCY_MISSING` */
export async function encodePicture({ width, height, rgb }: { width: number; height: number; rgb: Uint8Array }): Promise<Uint8Array> {
  const sharp = await loadSharp()
  return new Uint8Array(
    await sharp(rgb, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 88, chromaSubsampling: '4:4:4' })
      .toBuffer(),
  )
}

async function loadSharp(): Promise<typeof import('sharp').default> {
  const { default: sharp } = await import('sharp').catch((cause: unknown) => {
    throw new ColophonError('DEPENDENCY_MISSING', 'Pictures are decoded with sharp, which is not installed.', {
      hint: 'Run: npm install sharp',
      details: { package: 'sharp' },
      cause,
    })
  })
  return sharp
}

/** A small JPEG in sRGB. Browsers get `preview.browser.ts` in its place. @throws ColophonError `DEPENDENCY_MISSING`, `IMAGE_UNREADABLE` */
export async function shrinkPicture(bytes: Uint8Array): Promise<Uint8Array> {
  const sharp = await loadSharp()
  try {
    const jpeg = await sharp(bytes, { limitInputPixels: 100_000_000, pages: 1 })
      .autoOrient()
      .resize({ width: PREVIEW_PIXELS, height: PREVIEW_PIXELS, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .jpeg({ quality: 86, chromaSubsampling: '4:4:4' })
      .toBuffer()
    return new Uint8Array(jpeg)
  } catch (cause) {
    throw new ColophonError('IMAGE_UNREADABLE', `The picture cannot be decoded: ${(cause as Error).message.split('\n')[0]}.`, {
      hint: 'The file is damaged, cut short or of a kind this build does not know.',
      cause,
    })
  }
}
