import { CODE_WORDS } from '../codes/bands.ts'
import { type CodeStore, createCodeStore } from '../codes/codeStore.ts'
import { createKeyStore, type KeyImage, type KeyStore, type Spill } from '../keys/keyStore.ts'
import {
  type CodeColumns,
  decodeColumns,
  decodePayload,
  idLength,
  type Payload,
  payloadHead,
  type StoredWork,
  type WorkColumns,
} from '../log/record.ts'
import { damaged } from '../problems.ts'
import { isPlaced, MEDIA } from './features.ts'
import { createIdTable, type IdImage } from './ids.ts'
import { createNumbers, type Numbers } from './numbers.ts'

/** Codes and keys of the works of one medium: those of others are never compared with them. */
export interface Space {
  codes: OwnedCodes
  /** Of parts; looked up in larger numbers and within a smaller distance. */
  parts: OwnedCodes
  keys: KeyStore
  bands: KeyStore
}

/** Codes and whose they are. */
export interface OwnedCodes {
  store: CodeStore
  /** The work of each code. */
  owners: Numbers
  /** Of films when each code is, in steps; of other works nothing. */
  places: Numbers
  /** Number of the work's first code, and of how many it has. */
  firstOf(work: number): number
  countOf(work: number): number
}

/** All that is known of works, by number, in memory. It holds nothing that its log does not. */
export interface State {
  /** Works that were ever added; those below this number are there for good, dead or alive. */
  readonly works: number
  /** Works that are alive. */
  readonly alive: number
  /** Grows with every change. */
  readonly time: number
  space(medium: number): Space
  readonly identities: KeyStore
  /** Whether the work was alive at that time. */
  wasAlive(work: number, time: number): boolean
  /** The living work with this id. */
  find(id: Uint8Array): number | undefined
  /** The stored form of a work's id. */
  id(work: number): Uint8Array
  medium(work: number): number
  /** Makes room, so that the works can be added once they are on the disk. */
  reserve(works: readonly StoredWork[]): void
  /** Makes the change that a record is about. */
  apply(payload: Payload): void
  /** The same from the payload's bytes, which is faster. */
  load(payload: Uint8Array): void
  /** Whether tables should be built. */
  readonly isDue: boolean
  /** Whether keys should go into files before others come. */
  readonly isFull: boolean
  /** Builds what tables are due. Yields often. */
  build(): Generator<undefined, void>
  /** Whether all codes are there: those of an image come later. Until then nothing is to be looked for. */
  readonly isWhole: boolean
  /** Brings the codes of the next works of the image, in their order. */
  fill(columns: CodeColumns): void
  /** Reads keys into memory that there is memory for. */
  hold(): Generator<undefined, void>
  /** Keeps keys in files, and gives what all of this but the codes can be made of again. Undefined where no files are kept. */
  keep(): Generator<undefined, StateImage | undefined>
  /** Compares kept files of keys with their sums. @throws ColophonError `INDEX_DAMAGED` */
  check(): Generator<undefined, void>
  /** Lets go of files; nothing can be found any more. */
  close(): void
}

/** What a state is made of but for its codes, which are in the log. */
export interface StateImage {
  time: number
  alive: number
  ids: IdImage
  media: Uint32Array
  firsts: { codes: Uint32Array; parts: Uint32Array }
  deaths: Uint32Array
  identities: KeyImage
  spaces: { codes: number; parts: number; moments: Uint32Array; keys: KeyImage; bands: KeyImage }[]
}

const NEVER = 0xffffffff
const FILM = MEDIA.indexOf('video')
const CODE_KINDS = ['codes', 'parts'] as const

function storesOf({ codes, parts, keys, bands }: Space): (CodeStore | KeyStore)[] {
  return [codes.store, parts.store, keys, bands]
}

/**
 * @param spill - where keys go that are too many for memory; without it all are held there
 * @param image - what to begin with; its arrays are taken over, and its codes are brought by `fill`
 */
export function createState(spill?: Spill, image?: StateImage): State {
  const ids = createIdTable(image?.ids)
  const media = createNumbers(image?.media)
  /** Numbers of each work's first code and first part in its space. */
  const firsts = { codes: createNumbers(image?.firsts.codes), parts: createNumbers(image?.firsts.parts) }
  const deaths = createNumbers(image?.deaths)
  const keyStores: KeyStore[] = []
  const keyStore = (kept: KeyImage | undefined, placed: boolean = false): KeyStore => {
    try {
      keyStores.push(createKeyStore({ placed, spill, kept }))
    } catch (cause) {
      for (const store of keyStores) store.close()
      throw cause
    }
    return keyStores.at(-1)!
  }
  const identities = keyStore(image?.identities)
  /** Works of the image, and those whose codes are there. */
  const pictured = image?.media.length ?? 0
  let filled = 0
  function owned(kind: 'codes' | 'parts', count: number, moments?: Uint32Array): OwnedCodes {
    const owners = createNumbers()
    const places = createNumbers(moments)
    const store = createCodeStore()
    store.skip(count)
    owners.skip(count)
    const firstOf = (work: number): number => firsts[kind].words[work]!
    return {
      store,
      owners,
      places,
      firstOf,
      countOf(work) {
        let count = 0
        while (firstOf(work) + count < owners.count && owners.words[firstOf(work) + count] === work) count++
        return count
      },
    }
  }
  const spaces = MEDIA.map((name, medium): Space => {
    const kept = image?.spaces[medium]
    return {
      codes: owned('codes', kept?.codes ?? 0, kept?.moments),
      parts: owned('parts', kept?.parts ?? 0),
      keys: keyStore(kept?.keys, isPlaced(name)),
      bands: keyStore(kept?.bands),
    }
  })
  let alive = image?.alive ?? 0
  let time = image?.time ?? 0

  const find = (id: Uint8Array): number | undefined => {
    const work = ids.find(id)
    return work !== undefined && deaths.words[work] === NEVER ? work : undefined
  }
  const kill = (id: Uint8Array): void => {
    const work = find(id)
    if (work === undefined) return
    deaths.words[work] = time
    alive--
  }

  /** Puts down a work whose codes come next in their space; gives its number. */
  function begin(id: Uint8Array, at: number, medium: number): number {
    const space = spaces[medium]
    if (space === undefined) throw damaged(`a work is of the unknown medium ${medium}`, { medium })
    const { number, before } = ids.add(id, at)
    if (before !== undefined && deaths.words[before] === NEVER) {
      deaths.words[before] = time
      alive--
    }
    media.push(medium)
    for (const kind of CODE_KINDS) firsts[kind].push(space[kind].store.count)
    deaths.push(NEVER)
    alive++
    return number
  }

  function add({ id, medium, identity, codes, parts, keys, places, bands }: StoredWork): void {
    const work = begin(id, 0, medium)
    const space = spaces[medium]!
    if (identity.length > 0) identities.add(identity, work)
    for (const [{ store, owners }, words] of [
      [space.codes, codes],
      [space.parts, parts],
    ] as const) {
      if (words.length > 0) store.addStored(words)
      for (let code = 0; code < words.length; code += CODE_WORDS) owners.push(work)
    }
    if (keys.length > 0) space.keys.add(keys, work, places)
    if (medium === FILM) addMoments(space.codes, codes.length / CODE_WORDS, places)
    if (bands.length > 0) space.bands.add(bands, work)
  }

  /** When the codes of a film are. */
  function addMoments({ places }: OwnedCodes, count: number, given: Uint32Array | undefined): void {
    for (let at = 0; at < count; at++) places.push(given === undefined || given.length === 0 ? at : given[at]!)
  }

  function addColumns({ count, medium, fields, ids: stored }: WorkColumns): void {
    let idAt = 0
    const at = { identity: 0, codes: 0, parts: 0, keys: 0, places: 0, bands: 0 }
    // Codes of one medium after the other are added together.
    const pending = { codes: 0, parts: 0 }
    let space = spaces[count === 0 ? 0 : medium(0)]!
    const flush = (): void => {
      for (const kind of CODE_KINDS) {
        if (pending[kind] > 0) space[kind].store.addStored(fields[kind].words.subarray(at[kind] - pending[kind], at[kind]))
        pending[kind] = 0
      }
    }
    const take = (field: keyof typeof at, work: number): Uint32Array => {
      const from = at[field]
      at[field] += fields[field].lengthOf(work)
      return fields[field].words.subarray(from, at[field])
    }
    for (let index = 0; index < count; index++) {
      if (spaces[medium(index)] !== space) {
        flush()
        space = spaces[medium(index)]!
      }
      const work = begin(stored, idAt, medium(index))
      idAt += idLength(stored, idAt)
      for (const kind of CODE_KINDS) {
        firsts[kind].words[work]! += pending[kind] / CODE_WORDS
        const words = fields[kind].lengthOf(index)
        const { owners } = space[kind]
        for (let left = words; left > 0; left -= CODE_WORDS) owners.push(work)
        pending[kind] += words
        at[kind] += words
      }
      if (fields.identity.lengthOf(index) > 0) identities.add(take('identity', index), work)
      const places = fields.places.lengthOf(index) > 0 ? take('places', index) : undefined
      if (fields.keys.lengthOf(index) > 0) space.keys.add(take('keys', index), work, places)
      if (medium(index) === FILM) addMoments(space.codes, fields.codes.lengthOf(index) / CODE_WORDS, places)
      if (fields.bands.lengthOf(index) > 0) space.bands.add(take('bands', index), work)
    }
    flush()
  }

  return {
    get works() {
      return ids.count
    },
    get alive() {
      return alive
    },
    get time() {
      return time
    },
    get isDue() {
      if (filled < pictured) return false
      return identities.isDue || spaces.some((space) => storesOf(space).some(({ isDue }) => isDue))
    },
    get isFull() {
      return identities.isFull || spaces.some(({ keys, bands }) => keys.isFull || bands.isFull)
    },
    get isWhole() {
      return filled >= pictured
    },
    fill({ count, medium, codes, parts }) {
      const at = { codes: 0, parts: 0 }
      for (let index = 0; index < count && filled < pictured; index++, filled++) {
        const space = spaces[media.words[filled]!]!
        if (medium(index) !== media.words[filled]) throw damaged(`work ${filled} of its log is another than was kept`, { work: filled })
        for (const [kind, { lengthOf, words }] of [['codes', codes] as const, ['parts', parts] as const]) {
          const length = lengthOf(index)
          const { store, owners } = space[kind]
          const first = firsts[kind].words[filled]!
          store.fill(first, words.subarray(at[kind], at[kind] + length))
          owners.words.fill(filled, first, first + length / CODE_WORDS)
          at[kind] += length
        }
      }
    },
    *hold() {
      for (const store of keyStores) yield* store.hold()
    },
    *keep() {
      const kept: KeyImage[] = []
      for (const store of keyStores) {
        const image = yield* store.keep()
        if (image === undefined) return undefined
        kept.push(image)
      }
      const numbers = (of: Numbers): Uint32Array => of.words.subarray(0, of.count)
      return {
        time,
        alive,
        ids: ids.image(),
        media: numbers(media),
        firsts: { codes: numbers(firsts.codes), parts: numbers(firsts.parts) },
        deaths: numbers(deaths),
        identities: kept[0]!,
        spaces: spaces.map(({ codes, parts }, medium) => ({
          codes: codes.store.count,
          parts: parts.store.count,
          moments: numbers(codes.places),
          keys: kept[1 + medium * 2]!,
          bands: kept[2 + medium * 2]!,
        })),
      }
    },
    *check() {
      for (const store of keyStores) yield* store.check()
    },
    close() {
      for (const store of keyStores) store.close()
    },
    space: (medium) => spaces[medium]!,
    identities,
    wasAlive: (work, then) => deaths.words[work]! > then,
    find,
    id: (work) => ids.bytes(work),
    medium: (work) => media.words[work]!,
    reserve(works) {
      const total = ids.count + works.length
      for (const numbers of [media, firsts.codes, firsts.parts, deaths]) numbers.reserve(total)
      for (const [medium, space] of spaces.entries()) {
        const added = { codes: 0, parts: 0, keys: 0, bands: 0 }
        for (const work of works) {
          if (work.medium !== medium) continue
          for (const kind of CODE_KINDS) added[kind] += work[kind].length / CODE_WORDS
          added.keys += work.keys.length / 2
          added.bands += work.bands.length / 2
        }
        for (const kind of CODE_KINDS) {
          const { store, owners, places } = space[kind]
          store.reserve(store.count + added[kind])
          owners.reserve(store.count + added[kind])
          if (medium === FILM && kind === 'codes') places.reserve(store.count + added[kind])
        }
        space.keys.reserve(space.keys.count + added.keys)
        space.bands.reserve(space.bands.count + added.bands)
      }
    },
    apply(payload) {
      time++
      if (payload.kind === 'works') for (const work of payload.works) add(work)
      if (payload.kind === 'removals') for (const id of payload.ids) kill(id)
    },
    load(payload) {
      if (payloadHead(payload).kind !== 'works') return this.apply(decodePayload(payload))
      time++
      addColumns(decodeColumns(payload))
    },
    *build() {
      for (const space of spaces) {
        // Tables of codes that are yet to come would have none of them where it is looked for.
        const stores = filled < pictured ? [space.keys, space.bands] : storesOf(space)
        for (const store of stores) if (store.isDue) yield* store.build()
      }
      if (identities.isDue) yield* identities.build()
    },
  }
}
