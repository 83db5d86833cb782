import { getBytes, sha256, toUtf8Bytes } from 'ethers'
import { zlibSync } from 'fflate'
import type { Work } from '../deposits/work.ts'
import { type Hex, ZERO_32 } from '../deposits/work.ts'

/*
 * Works to test with: the same for the same seed, another for each other seed, and all made here, so that they belong to nobody.
 */

/** A work's facts, as a fingerprint of a picture and a document would give them; there is no file behind it. */
export function sampleWork(seed: number | string): Work {
  const word = (field: string): Hex => sha256(toUtf8Bytes(`colophon sample ${seed} ${field}`)) as Hex
  return { contentHash: word('content'), fingerprint: word('fingerprint'), fingerprintType: 1, metadata: word('metadata'), salt: ZERO_32 }
}

const WORDS =
  'harbour ink thaw letter coat winter keeper lantern paper seal margin printer year folio sail morning ledger orchard bell copper river hand glass voyage'.split(
    ' ',
  )

/** A text of some hundred words, as the bytes of its file. Its fingerprint is far from that of every other seed. */
export function sampleText(seed: number | string, words = 300): Uint8Array {
  const next = numbersOf(`text ${seed}`)
  const sentence = (): string => {
    const chosen = Array.from({ length: 6 + Math.floor(next() * 9) }, () => WORDS[Math.floor(next() * WORDS.length)]!)
    return `${chosen[0]![0]!.toUpperCase()}${chosen.join(' ').slice(1)}.`
  }
  const sentences: string[] = []
  for (let count = 0; count < words; count += sentences.at(-1)!.split(' ').length) sentences.push(sentence())
  return toUtf8Bytes(`${sentences.join(' ')}\n`)
}

/** A picture of soft coloured discs, as the bytes of a PNG. */
export function samplePicture(seed: number | string, { width = 320, height = 240 }: { width?: number; height?: number } = {}): Uint8Array {
  const next = numbersOf(`picture ${seed}`)
  const discs = Array.from({ length: 14 }, () => ({
    x: next() * width,
    y: next() * height,
    radius: (0.08 + next() * 0.3) * Math.min(width, height),
    color: [next() * 255, next() * 255, next() * 255],
  }))
  const ground = [next() * 255, next() * 255, next() * 255]
  const rows = new Uint8Array(height * (width * 3 + 1))
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = y * (width * 3 + 1) + 1 + x * 3
      let [red, green, blue] = ground as [number, number, number]
      for (const { x: centre, y: middle, radius, color } of discs) {
        // 0 in the middle of the disc, 1 at its edge.
        const share = ((x - centre) ** 2 + (y - middle) ** 2) / radius ** 2
        if (share >= 1) continue
        red = red * share + color[0]! * (1 - share)
        green = green * share + color[1]! * (1 - share)
        blue = blue * share + color[2]! * (1 - share)
      }
      rows[at] = red
      rows[at + 1] = green
      rows[at + 2] = blue
    }
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  head.set([8, 2], 8)
  const parts = [getBytes('0x89504e470d0a1a0a'), chunk('IHDR', head), chunk('IDAT', zlibSync(rows)), chunk('IEND', new Uint8Array())]
  const png = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    png.set(part, at)
    at += part.length
  }
  return png
}

/** Numbers from 0 up to 1, the same for the same seed (a linear congruential generator). */
function numbersOf(seed: string): () => number {
  let state = Number(BigInt(sha256(toUtf8Bytes(`colophon ${seed}`))) & 0xffff_ffffn) | 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 0) / 2 ** 32
  }
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 12)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, data.length)
  bytes.set(toUtf8Bytes(type), 4)
  bytes.set(data, 8)
  view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)))
  return bytes
}

function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}
