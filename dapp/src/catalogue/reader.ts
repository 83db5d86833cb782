/** Where catalogue and documents are read, away from the page: ten thousand deposits are seconds of fetching, parsing and hashing. */
import { cidOfDigest } from '@colophon/sdk'
import { decodeDocument } from '@colophon/sdk/document'
import { readBlock } from '../store/blocks.ts'
import { plainFault } from '../workers/plainFault.ts'
import type { DocumentState } from './documents.ts'
import { readEvents } from './events.ts'
import type { Asked, Said } from './protocol.ts'

/** Entries in one message. */
const SLICE = 250
const running = new Map<number, AbortController>()

const say = (said: Said): void => self.postMessage(said)

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const { call } = data
  if (data.kind === 'stop') {
    running.get(call)?.abort()
    running.delete(call)
    return
  }
  const control = new AbortController()
  running.set(call, control)
  answer(data, control.signal)
    .catch((fault: unknown) => say({ kind: 'fault', call, fault: plainFault(fault) }))
    .finally(() => running.delete(call))
})

async function answer(asked: Exclude<Asked, { kind: 'stop' }>, signal: AbortSignal): Promise<void> {
  const { call } = asked
  if (asked.kind === 'document') return say({ kind: 'document', call, state: await readDocument(asked.gateways, asked.digest, signal) })
  let sent = 0
  const { offers, disputed, refuted } = await readEvents(asked, { signal }, ({ entries }) => {
    for (; sent < entries.length; sent += SLICE) say({ kind: 'entries', call, entries: entries.slice(sent, sent + SLICE) })
    sent = entries.length
  })
  say({ kind: 'catalogue', call, offered: [...new Set(offers.values())], disputed: [...disputed], refuted: [...refuted] })
}

async function readDocument(gateways: string[], digest: `0x${string}`, signal: AbortSignal): Promise<DocumentState> {
  const bytes = await readBlock(gateways, cidOfDigest(digest), signal).catch(() => undefined)
  if (bytes === undefined) return { status: 'missing' }
  try {
    return { status: 'ready', document: decodeDocument(bytes).document }
  } catch {
    return { status: 'invalid' }
  }
}
