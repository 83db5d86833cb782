/** Where catalogue and documents are read, away from the page: ten thousand deposits are seconds of fetching, parsing and hashing. */
import { cidOfDigest, type Hex } from '@colophon/sdk'
import { decodeDocument } from '@colophon/sdk/document'
import { readBlock } from '../store/blocks.ts'
import { plainFault } from '../workers/plainFault.ts'
import type { DocumentState } from './documents.ts'
import { readEvents } from './events.ts'
import type { Asked, Said } from './protocol.ts'

/** Entries in one message. */
const SLICE = 250
/** Documents that are read at the same time. */
const AT_ONCE = 6
/** Milliseconds in which documents that come are told together: pages draw them together. */
const TOGETHER = 60

const running = new Map<number, AbortController>()
const say = (said: Said): void => self.postMessage(said)

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  if (data.kind === 'stop') return running.get(data.call)?.abort()
  if (data.kind === 'documents') return want(data)
  const control = new AbortController()
  running.set(data.call, control)
  readCatalogue(data, control.signal)
    .catch((fault: unknown) => say({ kind: 'fault', call: data.call, fault: plainFault(fault) }))
    .finally(() => running.delete(data.call))
})

async function readCatalogue(asked: Extract<Asked, { kind: 'catalogue' }>, signal: AbortSignal): Promise<void> {
  const { call } = asked
  let sent = 0
  const { offers, disputed, refuted } = await readEvents(asked, { signal }, ({ entries }) => {
    for (; sent < entries.length; sent += SLICE) say({ kind: 'entries', call, entries: entries.slice(sent, sent + SLICE) })
    sent = entries.length
  })
  say({ kind: 'catalogue', call, offered: [...new Set(offers.values())], disputed: [...disputed], refuted: [...refuted] })
}

/** Documents that somebody waits for, of one question. */
interface Wanted {
  call: number
  gateways: string[]
  digests: Hex[]
  found: [Hex, DocumentState][]
  left: number
  telling: boolean
}

/** What was wanted last comes first: it is what is looked at. */
const wanted: Wanted[] = []
let reading = 0

function want({ call, digests, gateways }: Extract<Asked, { kind: 'documents' }>): void {
  wanted.push({ call, gateways, digests: [...digests].reverse(), found: [], left: digests.length, telling: false })
  next()
}

function next(): void {
  while (reading < AT_ONCE) {
    const newest = wanted.at(-1)
    const digest = newest?.digests.pop()
    if (newest === undefined || digest === undefined) return
    if (newest.digests.length === 0) wanted.pop()
    reading++
    readDocument(newest.gateways, digest)
      .catch((): DocumentState => ({ status: 'missing' }))
      .then((state) => {
        reading--
        newest.left--
        newest.found.push([digest, state])
        tell(newest)
        next()
      })
  }
}

function tell(asked: Wanted): void {
  if (asked.telling) return
  asked.telling = true
  setTimeout(() => {
    asked.telling = false
    say({ kind: 'documents', call: asked.call, found: asked.found.splice(0), left: asked.left })
  }, TOGETHER)
}

async function readDocument(gateways: string[], digest: Hex): Promise<DocumentState> {
  const bytes = await readBlock(gateways, cidOfDigest(digest)).catch(() => undefined)
  if (bytes === undefined) return { status: 'missing' }
  try {
    return { status: 'ready', document: decodeDocument(bytes).document }
  } catch {
    return { status: 'invalid' }
  }
}
