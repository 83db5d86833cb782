import { createTextCode } from '../../iscc/index.ts'
import { extractText } from './extract/extractText.ts'
import type { ExtractOptions } from './extract/problems.ts'
import { createMinHasher } from './minhash.ts'
import { createReader } from './reader.ts'
import { createWinnower, type Winnowed } from './winnow.ts'

/** What comparing texts needs. */
export interface TextFeatures {
  /** Letters and digits. */
  letters: number
  words: number
  /** MinHash over runs of four words, 128 entries; empty when there is no word. */
  minhash: number[]
  /** Hashes of passages with their places. */
  passages: Winnowed
}

export interface TextContent {
  /** ISCC Text-Code, 256 bits. */
  isccContent: string
  features: TextFeatures
}

/** Reads a text once, piece by piece, and computes what is robust about it. Memory does not grow with the text, but for formats that are read as a whole. */
export async function fingerprintText(chunks: AsyncIterable<Uint8Array>, mediaType: string, options: ExtractOptions): Promise<TextContent> {
  const code = createTextCode()
  const minhash = createMinHasher()
  const winnower = createWinnower()
  let letters = 0
  const reader = createReader((stretch) => {
    letters += stretch.count - stretch.repeated
    minhash.add(stretch)
    winnower.add(stretch)
  })
  for await (const text of extractText(chunks, mediaType, options)) {
    code.update(text)
    reader.push(text)
  }
  reader.end()
  const { entries, words } = minhash.finish()
  return {
    isccContent: code.code({ bits: 256 }).iscc,
    features: { letters, words, minhash: entries, passages: winnower.finish() },
  }
}
