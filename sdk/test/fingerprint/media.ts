import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'

const examples = join(import.meta.dirname, '..', '..', '..', 'examples', 'media')

export const PHOTO: string = join(examples, 'coffee.jpg')
export const ESSAY: string = join(examples, 'on-colophons.md')
export const TUNE: string = join(examples, 'tune.mp3')
export const FILM: string = join(examples, 'coffee.mp4')
export const REEL: string = join(examples, 'coffee-reel.webm')
export const photoBytes: Uint8Array<ArrayBuffer> = Uint8Array.from(readFileSync(PHOTO))
export const essayText: string = readFileSync(ESSAY, 'utf8')

/** The photograph, for changing it. */
export function photo(): Sharp {
  return sharp(photoBytes)
}

export async function bytesOf(image: Sharp): Promise<Uint8Array<ArrayBuffer>> {
  return Uint8Array.from(await image.toBuffer())
}

/** A picture of a few smooth blobs, another for every seed; PNG. */
export async function blobs(seed: number, width = 320, height = 240): Promise<Uint8Array<ArrayBuffer>> {
  let state = (seed * 2_654_435_761) >>> 0
  const next = (most: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
  const shapes = Array.from(
    { length: 9 },
    () =>
      `<ellipse cx="${next(width)}" cy="${next(height)}" rx="${20 + next(90)}" ry="${20 + next(90)}" fill="rgb(${next(256)},${next(256)},${next(256)})"/>`,
  )
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="${width}" height="${height}" fill="rgb(${next(256)},${next(256)},${next(256)})"/>${shapes.join('')}</svg>`
  return bytesOf(sharp(Buffer.from(svg)).blur(3).png())
}

/** A picture made by arithmetic alone, so that every machine and every program sees the same pixels; PNG. */
export async function synthetic(seed: number, width: number, height: number): Promise<Uint8Array<ArrayBuffer>> {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const u = Math.floor((x * 1024) / width)
      const v = Math.floor((y * 1024) / height)
      data[at++] = (((u * (v + 97 * seed)) >> 9) ^ ((u + v * seed) >> 3)) & 0xff
      data[at++] = ((u * u + seed * v * v) >> 11) & 0xff
      data[at++] = ((u - v) ** 2 % (900 + 37 * seed)) & 0xff
    }
  }
  return bytesOf(sharp(data, { raw: { width, height, channels: 3 } }).png())
}
