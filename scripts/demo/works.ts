import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** Numbers that look random and are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const WORDS = `ink paper river harbour window lantern bridge winter orchard letter garden salt copper willow market thunder
candle meadow violin station feather anchor mirror valley ribbon saffron compass ladder marble whisper kettle horizon`.split(/\s+/)

/** A poem of eight lines. */
function poem(random: () => number, title: string): string {
  const word = (): string => WORDS[Math.floor(random() * WORDS.length)]!
  const line = (): string => `The ${word()} keeps the ${word()}, the ${word()} forgets the ${word()}`
  return `${title}\n\n${Array.from({ length: 8 }, line).join(',\n')}.\n`
}

/** A drawing of overlapping circles and bars. */
function drawing(random: () => number): string {
  const at = (most: number): number => Math.round(random() * most)
  const colour = (): string => `hsl(${at(360)} ${30 + at(60)}% ${20 + at(60)}%)`
  const shapes = Array.from({ length: 14 }, (_, index) =>
    index % 2 === 0
      ? `<circle cx="${at(192)}" cy="${at(128)}" r="${8 + at(40)}" fill="${colour()}" opacity="0.85"/>`
      : `<rect x="${at(192)}" y="${at(128)}" width="${6 + at(80)}" height="${6 + at(50)}" fill="${colour()}" transform="rotate(${at(90)})"/>`,
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" width="192" height="128"><rect width="192" height="128" fill="${colour()}"/>${shapes.join('')}</svg>`
}

/** A drawing as PNG, the same for the same seed. */
export async function drawPicture(seed: number): Promise<Uint8Array> {
  return await sharp(Buffer.from(drawing(seeded(seed))))
    .png()
    .toBuffer()
}

/** Fills a folder with works: nine poems for every drawing, each its own. */
export async function generateWorks(folder: string, count: number): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (let number = 1; number <= count; number++) {
    const name = String(number).padStart(4, '0')
    if (number % 10 === 0) await writeFile(join(folder, `drawing-${name}.png`), await drawPicture(number))
    else await writeFile(join(folder, `poem-${name}.txt`), poem(seeded(number), `Poem number ${number}`))
  }
}

/** What a thief does to a picture: smaller, brighter, and saved as a poor JPEG. */
export async function copyPicture(picture: Uint8Array): Promise<Uint8Array> {
  return await sharp(picture).resize(320).modulate({ brightness: 1.1 }).jpeg({ quality: 35 }).toBuffer()
}

/** What a thief does to a text: the beginning goes, and every fifteenth word is another. */
export function copyText(text: string): string {
  const words = text.split(' ')
  return words
    .slice(Math.floor(words.length / 10))
    .map((word, index) => (index % 15 === 7 ? WORDS[index % WORDS.length]! : word))
    .join(' ')
}
