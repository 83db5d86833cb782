import type { StateImage } from '../works/state.ts'
import { type CodeColumns, decodePayload, encodePayload, framed, type Payload, RECORD_HEADER } from './record.ts'
import { FILE_HEADER } from './stream.ts'

/** Where an index keeps its records. */
export interface IndexLog {
  /** Bytes it takes. */
  readonly bytes: number
  /** Bytes that were found half-written when it was opened, and dropped: nobody had been told that they were there. */
  readonly dropped: number
  /** Whether records can be added. */
  readonly writable: boolean
  /** Adds a record; once this returns it is there for good. */
  append(payload: Payload): Promise<void>
  /** All records that are there when it is called, in order. */
  records(): AsyncGenerator<Payload, void>
  /** Payloads that another process has added since; undefined when it has written the log anew. */
  fresh(): Promise<Uint8Array[] | undefined>
  /** Puts these records in place of all there are, at once or not at all. */
  replace(payloads: AsyncIterable<Payload>): Promise<void>
  /** Bytes of records that no checkpoint covers: what opening has to read. */
  readonly uncovered: number
  /** Keeps what is known after the last record, so that opening need not read those before. */
  checkpoint(image: StateImage): Promise<void>
  /** Codes of the works of the records before the checkpoint that it was opened with. */
  codes(): AsyncGenerator<CodeColumns, void>
  close(): Promise<void>
}

/** A log in memory. */
export function createMemoryLog(): IndexLog {
  let records: Uint8Array<ArrayBuffer>[] = []
  let bytes = FILE_HEADER
  return {
    get bytes() {
      return bytes
    },
    dropped: 0,
    writable: true,
    append: async (payload) => {
      const record = framed(encodePayload(payload))
      records.push(record)
      bytes += record.length
    },
    records: async function* () {
      for (const record of records.slice()) yield decodePayload(record.subarray(RECORD_HEADER))
    },
    fresh: async () => [],
    replace: async (payloads) => {
      const all: Uint8Array<ArrayBuffer>[] = []
      for await (const payload of payloads) all.push(framed(encodePayload(payload)))
      records = all
      bytes = all.reduce((sum, { length }) => sum + length, FILE_HEADER)
    },
    uncovered: 0,
    checkpoint: async () => {},
    codes: async function* () {},
    close: async () => {},
  }
}
