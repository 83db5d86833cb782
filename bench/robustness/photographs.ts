// The photographs of the corpus and the pictures that serve as strangers.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import sharp from 'sharp'
import type { Photo } from '../attacks/image.ts'
import { corpora, fetchPackage, shortHash } from '../corpora/fetch.ts'

export interface Photograph {
  /** First 16 hexadecimal digits of the file's SHA-256. */
  id: string
  path: string
}

/** All photographs, in the order of their hashes: every second one is in the other half, whatever package it is from. */
export function photographs(): Photograph[] {
  return corpora.images
    .flatMap((wanted) => {
      const folder = fetchPackage(wanted)
      return Object.entries(wanted.photographs ?? {}).map(([path, id]) => ({ id, path: join(folder, path) }))
    })
    .sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** As many strangers make five million pairs with what the attacks make of half the photographs. */
const STRANGERS = 3200

/** Pictures of the other packages, without those of equal bytes: screenshots, nebulae, drawings, cut-out photographs, textures. */
export function strangers(): Photograph[] {
  const found = new Map<string, Photograph>()
  for (const wanted of corpora.images) {
    if (wanted.strangers === undefined) continue
    const folder = fetchPackage(wanted)
    for (const path of wanted.strangers.flatMap((pattern) => globSync(pattern, { cwd: folder })).sort()) {
      const id = shortHash(readFileSync(join(folder, path)))
      if (!found.has(id)) found.set(id, { id, path: join(folder, path) })
    }
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, STRANGERS)
}

/** Pixels a side that photographs are brought to before they are attacked: what the web shows, and what two cores can do. */
const SIDE = 800

/** The photograph as the attacks take it. */
export async function loadPhoto({ id, path }: Photograph): Promise<Photo> {
  const { data, info } = await sharp(path, { limitInputPixels: false })
    .autoOrient()
    .flatten({ background: '#fff' })
    .resize(SIDE, SIDE, { fit: 'inside', withoutEnlargement: true })
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  if (info.channels !== 3) throw new Error(`${path} has ${info.channels} channels.`)
  return { width: info.width, height: info.height, data, seed: Number.parseInt(id.slice(0, 7), 16) }
}

/** The photograph as its author would deposit it, without loss. */
export async function original({ width, height, data }: Photo): Promise<Buffer> {
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .png({ compressionLevel: 1 })
    .toBuffer()
}
