// The works that the local dApp starts with: the examples of this project, texts of its documentation, and prints drawn from numbers.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DepositReceipt } from '@colophon/sdk'
import { pinWork, type WorkDescription } from '@colophon/sdk/document'
import { type AudioFingerprint, type Fingerprint, fingerprint } from '@colophon/sdk/fingerprint'
import { copyPicture } from '../demo/works.ts'
import type { LocalDapp } from './dapp.ts'
import { drawPrint, type Motif } from './pictures.ts'
import tune from './tune.fingerprint.json' with { type: 'json' }

const root = join(import.meta.dirname, '..', '..')
const media = join(root, 'examples', 'media')

interface SeedWork {
  /** By which the rest of the seed calls it. */
  name: string
  /** Development account of the claimant. */
  owner: number
  file: string
  description: WorkDescription
  print: () => Promise<Fingerprint>
}

/** A work of the seed, deposited. */
export interface SeededWork {
  receipt: DepositReceipt
  print: Fingerprint
  owner: number
}

function picture(name: string, motif: Motif, seed: number, owner: number, description: WorkDescription): SeedWork {
  return {
    ...{ name, owner, file: `${name}.jpg` },
    description: { created: '2026', aiGeneration: 'none', aiTraining: 'notAllowed', ...description },
    print: async () => await fingerprint(await drawPrint(motif, seed)),
  }
}

function text(name: string, path: string, owner: number, description: WorkDescription): SeedWork {
  return {
    name,
    owner,
    file: path.split('/').at(-1)!,
    description: { language: 'en', ...description },
    print: () => fingerprint(join(root, path)),
  }
}

const works: SeedWork[] = [
  {
    name: 'coffee',
    owner: 1,
    file: 'coffee.jpg',
    description: {
      title: 'Coffee',
      description: 'A cup of coffee on a wooden table, seen from above.',
      creators: [{ name: 'Rachel Michetti', role: 'photographer', nationality: 'US' }],
      created: '2013',
      keywords: ['coffee', 'still life', 'wood'],
      aiGeneration: 'none',
      aiTraining: 'notAllowed',
    },
    print: () => fingerprint(join(media, 'coffee.jpg')),
  },
  picture('blue-hills', 'hills', 11, 2, {
    title: 'Five blue hills',
    creators: [{ name: 'Bo Lindqvist', role: 'printmaker' }],
    keywords: ['landscape', 'riso'],
  }),
  picture('harbour', 'harbour', 23, 3, {
    title: '六点的港口',
    description: '清晨六点，港口的灯还没有灭。',
    language: 'zh-CN',
    creators: [{ name: '陈墨', role: '版画家', nationality: 'CN' }],
    keywords: ['港口', '城市'],
  }),
  text('essay', 'examples/media/on-colophons.md', 1, {
    title: 'On colophons',
    creators: [{ name: 'The Colophon project', role: 'author' }],
    keywords: ['essay', 'printing', 'history'],
    aiTraining: 'allowed',
  }),
  {
    name: 'tune',
    owner: 4,
    file: 'tune.mp3',
    description: {
      title: 'Tune 2026',
      description: 'Twenty-four seconds that a program made up.',
      creators: [{ name: 'Dee Okafor', role: 'composer' }],
      aiGeneration: 'generated',
      keywords: ['melody'],
    },
    // Decoding it needs FFmpeg, which is no part of a fresh clone; a test compares this with the file.
    print: async () => tune as unknown as AudioFingerprint,
  },
  picture('leaves', 'leaves', 37, 5, {
    title: 'Thirty-four leaves',
    creators: [{ name: 'Emre Aydın', role: 'illustrator' }],
    keywords: ['plants', 'pattern'],
  }),
  picture('windows', 'windows', 41, 3, {
    title: '夜里的窗',
    language: 'zh-CN',
    creators: [{ name: '陈墨', role: '版画家', nationality: 'CN' }],
    keywords: ['城市', '夜'],
  }),
  text('glossary', 'docs/glossary.md', 6, {
    title: 'A glossary for creators',
    creators: [{ name: 'Fay Moreau', role: 'editor' }],
    keywords: ['glossary', 'rights'],
  }),
  picture('orbits', 'orbits', 53, 4, {
    title: 'Orbits, second state',
    creators: [{ name: 'Dee Okafor', role: 'artist' }],
    keywords: ['abstract', 'space'],
    aiGeneration: 'assisted',
  }),
  picture('weave', 'weave', 67, 5, {
    title: 'Weave in four inks',
    creators: [{ name: 'Emre Aydın', role: 'illustrator' }],
    keywords: ['textile', 'pattern'],
  }),
  text('fingerprints', 'docs/fingerprints.md', 6, {
    title: 'How works are recognised',
    creators: [{ name: 'Fay Moreau', role: 'author' }],
    keywords: ['fingerprints', 'handbook'],
  }),
  {
    name: 'copy',
    owner: 7,
    file: 'my-coffee.jpg',
    description: { title: 'My coffee', creators: [{ name: 'A stranger' }], aiGeneration: 'none' },
    print: async () => await fingerprint(await copyPicture(await readFile(join(media, 'coffee.jpg')))),
  },
]

/** Fingerprints the works, pins their documents and deposits each in its owner's name, in their order. */
export async function depositWorks(dapp: LocalDapp): Promise<Map<string, SeededWork>> {
  const done = new Map<string, SeededWork>()
  for (const { name, owner, file, description, print } of works) {
    const found = await print()
    const document = await pinWork(dapp.storage, found, description, { fileName: file })
    const receipt = await dapp.as(owner).deposits.create({ fingerprint: found, document })
    done.set(name, { receipt, print: found, owner })
  }
  return done
}
