import { CODE_WORDS } from '../codes/bands.ts'
import { type CodeStore, createCodeStore } from '../codes/codeStore.ts'
import { createKeyStore, type KeyStore } from '../keys/keyStore.ts'
import { decodeColumns, decodePayload, idLength, type Payload, payloadHead, type StoredWork, type WorkColumns } from '../log/record.ts'
import { damaged } from '../problems.ts'
import { MEDIA } from './features.ts'
import { createIdTable } from './ids.ts'
import { createNumbers, type Numbers } from './numbers.ts'

/** Codes and keys of the works of one medium: those of others are never compared with them. */
export interface Space {
  codes: CodeStore
  /** The work of each code. */
  owners: Numbers
  keys: KeyStore
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
  /** Number of the work's first code in its space. */
  firstCode(work: number): number
  /** Makes room, so that the works can be added once they are on the disk. */
  reserve(works: readonly StoredWork[]): void
  /** Makes the change that a record is about. */
  apply(payload: Payload): void
  /** The same from the payload's bytes, which is faster. */
  load(payload: Uint8Array): void
  /** Whether tables should be built. */
  readonly isDue: boolean
  /** Builds what tables are due. Yields often. */
  build(): Generator<undefined, void>
}

const NEVER = 0xffffffff

export function createState(): State {
  const ids = createIdTable()
  const media = createNumbers()
  const firsts = createNumbers()
  const deaths = createNumbers()
  const identities = createKeyStore()
  const spaces = MEDIA.map((): Space => ({ codes: createCodeStore(), owners: createNumbers(), keys: createKeyStore() }))
  let alive = 0
  let time = 0

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
    firsts.push(space.codes.count)
    deaths.push(NEVER)
    alive++
    return number
  }

  function add({ id, medium, identity, codes, keys }: StoredWork): void {
    const work = begin(id, 0, medium)
    const space = spaces[medium]!
    if (identity.length > 0) identities.add(identity, work)
    if (codes.length > 0) space.codes.addStored(codes)
    for (let code = 0; code < codes.length; code += CODE_WORDS) space.owners.push(work)
    if (keys.length > 0) space.keys.add(keys, work)
  }

  function addColumns(columns: WorkColumns): void {
    const { count, medium, identityCount, codeCount, keyCount, ids: stored } = columns
    let [at, identity, code, key] = [0, 0, 0, 0]
    // Codes of one medium after the other are added together.
    let pending = 0
    let space = spaces[count === 0 ? 0 : medium(0)]
    const flush = (): void => {
      if (pending > 0) space!.codes.addStored(columns.codes.subarray(code - pending, code))
      pending = 0
    }
    for (let index = 0; index < count; index++) {
      if (spaces[medium(index)] !== space) {
        flush()
        space = spaces[medium(index)]
      }
      const work = begin(stored, at, medium(index))
      firsts.words[work]! += pending / CODE_WORDS
      at += idLength(stored, at)
      for (let left = codeCount(index); left > 0; left--) space!.owners.push(work)
      pending += codeCount(index) * CODE_WORDS
      code += codeCount(index) * CODE_WORDS
      if (identityCount(index) > 0) {
        identities.add(columns.identities.subarray(identity, identity + identityCount(index) * 2), work)
        identity += identityCount(index) * 2
      }
      if (keyCount(index) > 0) {
        space!.keys.add(columns.keys.subarray(key, key + keyCount(index) * 2), work)
        key += keyCount(index) * 2
      }
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
      return identities.isDue || spaces.some(({ codes, keys }) => codes.isDue || keys.isDue)
    },
    space: (medium) => spaces[medium]!,
    identities,
    wasAlive: (work, then) => deaths.words[work]! > then,
    find,
    id: (work) => ids.bytes(work),
    medium: (work) => media.words[work]!,
    firstCode: (work) => firsts.words[work]!,
    reserve(works) {
      const total = ids.count + works.length
      for (const numbers of [media, firsts, deaths]) numbers.reserve(total)
      for (const [medium, { codes, owners, keys }] of spaces.entries()) {
        let [newCodes, newKeys] = [0, 0]
        for (const work of works) {
          if (work.medium !== medium) continue
          newCodes += work.codes.length / CODE_WORDS
          newKeys += work.keys.length / 2
        }
        codes.reserve(codes.count + newCodes)
        owners.reserve(codes.count + newCodes)
        keys.reserve(keys.count + newKeys)
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
      for (const { codes, keys } of spaces) {
        if (codes.isDue) yield* codes.build()
        if (keys.isDue) yield* keys.build()
      }
      if (identities.isDue) yield* identities.build()
    },
  }
}
