// Run by fuzz.test.ts in a process of its own, which can crash, hang or be killed without taking the tests with it:
// `node mutants.ts FAMILY FROM TO` fingerprints the files that the seeds FROM to TO - 1 make, and tells after each what became of it.
import { readFileSync } from 'node:fs'
import sharp from 'sharp'
import { ColophonError } from '../../src/errors/index.ts'
import { fingerprint } from '../../src/fingerprint/index.ts'
import { docxOf, epubOf, htmlOf, pdfOf } from './documents.ts'
import { FILM, REEL, TUNE } from './media.ts'
import { numbers, play, wav } from './recordings.ts'
import { prose } from './works.ts'

/** What the process says of one file. */
export interface Told {
  seed: number
  kind: string
  /** `fingerprinted`, the code of a ColophonError, or `untyped` with what was thrown instead. */
  became: string
  milliseconds: number
  /** Most memory of the process so far, in megabytes. */
  memory: number
}

type File = Uint8Array<ArrayBuffer>

/** Codes that damaged files may be refused with. Damage can make a file look like one of another family, whose decoder may not be installed. */
export const REFUSAL: RegExp = /^(?:IMAGE_|AUDIO_|VIDEO_|TEXT_|FINGERPRINT_|DEPENDENCY_MISSING$)/

export type Family = 'image' | 'audio' | 'video' | 'text'

const MAKERS: Record<Family, () => Promise<Record<string, File>>> = {
  async image() {
    const noise = numbers(1)
    const pixels = Uint8Array.from({ length: 96 * 64 * 3 }, (_, at) => (noise() < 0.2 ? noise() * 255 : (at * 5) & 255))
    const picture = sharp(pixels, { raw: { width: 96, height: 64, channels: 3 } })
    const turned = picture.clone().withExif({ IFD0: { Orientation: '6', Artist: 'Ada' } })
    const frames = sharp(pixels.subarray(0, 96 * 60 * 3), { raw: { width: 96, height: 60, channels: 3, pageHeight: 20 } })
    const made = {
      jpeg: turned.clone().jpeg(),
      'progressive jpeg': turned.clone().jpeg({ progressive: true }),
      png: picture.clone().png(),
      'interlaced palette png': picture.clone().png({ palette: true, progressive: true }),
      '16-bit png': picture.clone().toColourspace('rgb16').png(),
      webp: picture.clone().webp(),
      'lossless webp': picture.clone().ensureAlpha(0.5).webp({ lossless: true }),
      'animated webp': frames.clone().webp(),
      gif: frames.clone().gif(),
      avif: picture.clone().avif({ effort: 0 }),
      tiff: picture.clone().tiff({ compression: 'lzw' }),
      'tiled tiff': picture.clone().tiff({ compression: 'deflate', tile: true, tileWidth: 16, tileHeight: 16 }),
    }
    const files: Record<string, File> = {}
    for (const [kind, each] of Object.entries(made)) files[kind] = new Uint8Array(await each.toBuffer())
    return files
  },
  async audio() {
    const mp3 = new Uint8Array(readFileSync(TUNE))
    return {
      wav: wav(play({ seed: 3, seconds: 4 })),
      'stereo wav': wav(play({ seed: 4, seconds: 4 }), 22_050, 2),
      mp3: mp3.slice(0, 24_000),
    }
  },
  async video() {
    return { mp4: new Uint8Array(readFileSync(FILM)).slice(), webm: new Uint8Array(readFileSync(REEL)).slice(0, 30_000) }
  },
  async text() {
    const paragraphs = [prose(11, 120), prose(12, 80), prose(13, 100)]
    return {
      plain: new TextEncoder().encode(paragraphs.join('\n\n')),
      html: htmlOf(paragraphs),
      docx: docxOf(paragraphs),
      epub: epubOf(paragraphs),
      pdf: pdfOf(paragraphs.slice(0, 1)),
    }
  },
}

/** Changes a file in some of the ways that files get damaged, and that people damage them. */
function mutated(file: File, random: () => number): File {
  const below = (limit: number): number => Math.floor(random() * limit)
  let bytes = file.slice()
  for (let change = 1 + below(8); change > 0; change--) {
    // Headers and tables stand at the start, and more comes of changing them.
    const at = random() < 0.5 ? below(Math.min(bytes.length, 200)) : below(bytes.length)
    const rest = bytes.subarray(at)
    const length = 1 + below(Math.min(64, bytes.length - at))
    switch (below(8)) {
      case 0:
        bytes[at] = below(256)
        break
      case 1:
        bytes[at]! ^= 1 << below(8)
        break
      case 2: // The numbers that lengths and sizes are made of.
        for (let k = 0; k < 4 && at + k < bytes.length; k++) bytes[at + k] = random() < 0.5 ? 0xff : 0x7f
        break
      case 3:
        bytes.fill(0, at, at + length)
        break
      case 4: // Taken out.
        bytes = joined(bytes.subarray(0, at), rest.subarray(length))
        break
      case 5: // Said twice.
        bytes = joined(bytes.subarray(0, at + length), rest)
        break
      case 6: // Cut short.
        if (random() < 0.3) bytes = bytes.slice(0, Math.max(at, 1))
        break
      default: // From elsewhere in the file.
        bytes.copyWithin(at, below(bytes.length), bytes.length - at < length ? bytes.length : below(bytes.length))
    }
    if (bytes.length === 0) return file.slice(0, 1)
  }
  return bytes
}

function joined(...parts: Uint8Array[]): File {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

if (import.meta.main) {
  const [family, from, to] = process.argv.slice(2) as [Family, string, string]
  const files = Object.entries(await MAKERS[family]())
  for (let seed = Number(from); seed < Number(to); seed++) {
    const [kind, file] = files[seed % files.length]!
    const bytes = mutated(file, numbers(seed))
    const started = performance.now()
    const became = await fingerprint(bytes, { maxPixels: 4_000_000, maxSeconds: 600 }).then(
      () => 'fingerprinted',
      (fault: unknown) =>
        fault instanceof ColophonError ? fault.code : `untyped: ${fault instanceof Error ? fault.stack : String(fault)}`,
    )
    const told: Told = {
      ...{ seed, kind, became, milliseconds: Math.round(performance.now() - started) },
      memory: Math.round(process.resourceUsage().maxRSS / 1024),
    }
    process.send!(told)
  }
  process.disconnect()
}
