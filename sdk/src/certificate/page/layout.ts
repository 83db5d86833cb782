import { sha256 } from '@noble/hashes/sha2.js'
import type { DepositDocument } from '../../document/index.ts'
import { CODE_TYPES, type CodeType } from '../../fingerprint/index.ts'
import { bytesToHex } from '../../hex/index.ts'
import type { DepositReceipt, OnChain } from '../../receipt/receipt.ts'
import type { CertificateData, FontRole } from '../data.ts'
import type { Picture } from '../pdf/document.ts'
import { qrShapes } from './qr.ts'
import { rosette } from './rosette.ts'
import { type Colour, createSheet, type Face, type Shape, type Sheet, type TextStyle } from './sheet.ts'
import { WORDINGS, type Wording } from './wording.ts'
import { wrap } from './wrap.ts'

/** A4, in points. */
export const PAGE = { width: 595.28, height: 841.89 } as const

const INK: Colour = [0.1, 0.13, 0.18]
const SOFT: Colour = [0.4, 0.42, 0.45]
/** Cinnabar, the red of seals. */
const SEAL: Colour = [0.64, 0.19, 0.13]
const RULE: Colour = [0.8, 0.75, 0.67]

const MIDDLE = PAGE.width / 2
const LEFT = 64
const RIGHT = PAGE.width - LEFT

export interface PageContent {
  data: CertificateData
  receipt: DepositReceipt
  document?: DepositDocument
  picture?: Picture
  faces: Readonly<Record<FontRole, Face>>
  /** SHA-256 of everything the page was made from. */
  digest: string
}

/** Draws the page, version 1. What it draws must never change: a certificate is checked by drawing it again. */
export function drawPage(content: PageContent): Sheet {
  const sheet = createSheet(PAGE.height)
  const wording = WORDINGS[content.data.language]
  drawFrame(sheet)
  drawHeading(sheet, content, wording)
  const below = drawPreview(sheet, content, wording)
  drawWork(sheet, content, wording, below)
  drawFacts(sheet, content, wording)
  drawFoot(sheet, content, wording)
  return sheet
}

function drawFrame(sheet: Sheet): void {
  sheet.frame(24, 24, PAGE.width - 48, PAGE.height - 48, 0.9, SEAL)
  sheet.frame(28.5, 28.5, PAGE.width - 57, PAGE.height - 57, 0.35, RULE)
}

function drawHeading(sheet: Sheet, { faces, data }: PageContent, wording: Wording): void {
  const chinese = data.language === 'zh'
  sheet.text('COLOPHON', MIDDLE + 2.2, 66, { face: faces.text, size: 9, colour: SEAL, tracking: 4.4 }, 'centre')
  sheet.text(
    wording.heading,
    MIDDLE + (chinese ? 3 : 0),
    104,
    { face: faces.bold, size: chinese ? 28 : 29, colour: INK, tracking: chinese ? 6 : 0.2 },
    'centre',
  )
  sheet.text(wording.motto, MIDDLE, 125, { face: faces.italic, size: 10.5, colour: SOFT, tracking: chinese ? 1 : 0.2 }, 'centre')
  ornament(sheet, 142)
}

/** A hairline with a diamond. */
function ornament(sheet: Sheet, y: number): void {
  sheet.line(MIDDLE - 70, y, MIDDLE - 9, y, 0.5, RULE)
  sheet.line(MIDDLE + 9, y, MIDDLE + 70, y, 0.5, RULE)
  sheet.fill(
    [
      {
        from: [MIDDLE, y - 3],
        segments: [
          [MIDDLE + 3, y],
          [MIDDLE, y + 3],
          [MIDDLE - 3, y],
        ],
      },
    ],
    SEAL,
  )
}

/** Where the preview stands. */
const STAGE = { top: 160, height: 222, width: 400 } as const

/** @returns where the preview ends */
function drawPreview(sheet: Sheet, content: PageContent, { seal, hashSeal, waveform }: Wording): number {
  const { picture, data, receipt, faces } = content
  if (picture !== undefined) {
    const scale = Math.min(STAGE.width / picture.width, STAGE.height / picture.height)
    const [width, height] = [picture.width * scale, picture.height * scale]
    const top = STAGE.top + (STAGE.height - height) / 2
    sheet.picture(MIDDLE - width / 2, top, width, height)
    sheet.frame(MIDDLE - width / 2 - 4, top - 4, width + 8, height + 8, 0.4, RULE)
    return STAGE.top + STAGE.height
  }
  if (data.excerpt !== undefined) {
    // A short text gets larger letters.
    const rowsIn = (size: number): string[] =>
      wrap(data.excerpt!, {
        width: STAGE.width - 36,
        lines: 11,
        widthOf: (text) => sheet.widthOf(text, { face: faces.italic, size, colour: INK }),
      })
    const size = [17, 15, 13.5, 12].find((each) => rowsIn(each).length * each * 1.5 <= STAGE.height - 8) ?? 11.5
    const style: TextStyle = { face: faces.italic, size, colour: INK }
    const rows = rowsIn(size)
    const leading = size * 1.5
    const top = STAGE.top + (STAGE.height - rows.length * leading) / 2
    sheet.line(MIDDLE - STAGE.width / 2, top - 4, MIDDLE - STAGE.width / 2, top + rows.length * leading + 4, 1.4, SEAL)
    for (const [index, row] of rows.entries()) sheet.text(row, MIDDLE - STAGE.width / 2 + 18, top + size + index * leading, style)
    return STAGE.top + STAGE.height
  }
  if (data.waveform !== undefined) {
    drawWaveform(sheet, data.waveform)
    sheet.text(waveform, MIDDLE, STAGE.top + STAGE.height - 1, { face: faces.italic, size: 8, colour: SOFT }, 'centre')
    return STAGE.top + STAGE.height
  }
  const centre = STAGE.top + STAGE.height / 2 - 6
  sheet.fill(rosette(codeOf(receipt), MIDDLE, centre, 98), SEAL)
  sheet.text(
    receipt.work.fingerprintType === 0 ? hashSeal : seal,
    MIDDLE,
    STAGE.top + STAGE.height - 1,
    { face: faces.italic, size: 8, colour: SOFT },
    'centre',
  )
  return STAGE.top + STAGE.height
}

/** A bar for each moment, as high as it is loud, above and below a line. */
function drawWaveform(sheet: Sheet, bars: readonly number[]): void {
  const pitch = STAGE.width / bars.length
  const middle = STAGE.top + STAGE.height / 2 - 6
  const most = STAGE.height / 2 - 20
  const shapes: Shape[] = bars.map((bar, index) => {
    const x = MIDDLE - STAGE.width / 2 + (index + 0.5) * pitch
    const half = pitch * 0.32
    const high = Math.max(0.6, (bar / 255) * most)
    const [left, right, top, bottom] = [x - half, x + half, middle - high, middle + high]
    // Round ends, each a Bézier curve.
    return {
      from: [left, top],
      segments: [
        [left, top - half * 1.3, right, top - half * 1.3, right, top],
        [right, bottom],
        [right, bottom + half * 1.3, left, bottom + half * 1.3, left, bottom],
      ],
    }
  })
  sheet.line(MIDDLE - STAGE.width / 2, middle, MIDDLE + STAGE.width / 2, middle, 0.4, RULE)
  sheet.fill(shapes, SEAL)
}

function drawWork(sheet: Sheet, { document, receipt, faces, data }: PageContent, wording: Wording, below: number): void {
  const title = document?.title ?? wording.untitled
  // A long title gets smaller letters before it gets a second line, and two lines before it is cut.
  const big: TextStyle = { face: faces.bold, size: 23, colour: INK }
  const width = RIGHT - LEFT
  const size = [23, 20, 17, 15].find((each) => sheet.widthOf(title, { ...big, size: each }) <= width) ?? 13.5
  const style = { ...big, size }
  const rows = wrap(title, { width, lines: 2, widthOf: (text) => sheet.widthOf(text, style) })
  let y = below + (rows.length === 1 ? 38 : 27)
  for (const row of rows) {
    sheet.text(row, MIDDLE, y, style, 'centre')
    y += rows.length === 1 ? 27 : size + 5
  }
  const by: TextStyle = { face: faces.italic, size: 12.5, colour: INK }
  const creators = document?.creators.map(wording.party).join(wording.and)
  if (creators !== undefined) {
    const [line] = wrap(wording.by(creators), { width, lines: 1, widthOf: (text) => sheet.widthOf(text, by) })
    sheet.text(line ?? '', MIDDLE, y, by, 'centre')
  }
  const { date, time } = wording.moment(receipt.depositedAt)
  const block = groundOf(receipt).block
  const statement = wording.statement({ date, time, chain: wording.chain(receipt.chainId), block })
  const plain: TextStyle = { face: faces.text, size: 10, colour: INK }
  const lines = wrap(statement, { width: data.language === 'zh' ? 390 : 400, lines: 3, widthOf: (text) => sheet.widthOf(text, plain) })
  for (const [index, line] of lines.entries()) sheet.text(line, MIDDLE, below + 87 + 15 * index, plain, 'centre')
  ornament(sheet, below + 87 + 15 * lines.length + 4)
}

/** One line of the table. */
interface Fact {
  label: string
  value: string
  /** Set in the typewriter face. */
  code?: boolean
}

function factsOf({ receipt, document, data }: PageContent, wording: Wording): Fact[] {
  const { labels } = wording
  const { work } = receipt
  const ground = groundOf(receipt)
  const at = (seconds: number, place: OnChain): string => {
    const { date, time } = wording.moment(seconds)
    return `${wording.at(date, time)} · ${wording.block(place.block)}`
  }
  const { record } = receipt
  const recordedLater = record !== undefined && record.block !== ground.block
  const algorithm = CODE_TYPES[work.fingerprintType as CodeType]
  return [
    { label: labels.deposit, value: receipt.id, code: true },
    { label: labels.goodFrom, value: `${at(receipt.depositedAt, ground)} · ${wording.kind[receipt.kind]}` },
    ...(recordedLater ? [{ label: labels.recorded, value: at(record.time, record) }] : []),
    {
      label: labels.rightsHolder,
      value: document?.rightsHolder === undefined ? wording.sameAsCreators : wording.party(document.rightsHolder),
    },
    { label: labels.claimant, value: receipt.claimant, code: true },
    ...(data.identity === undefined ? [] : [{ label: labels.identity, value: wording.level(data.identity.level) }]),
    { label: labels.chain, value: `${receipt.chainId} · ${receipt.registry}`, code: true },
    { label: labels.transaction, value: (record ?? ground).transaction, code: true },
    { label: labels.sha256, value: work.contentHash, code: true },
    ...(algorithm === undefined
      ? [{ label: labels.fingerprint, value: wording.noFingerprint }]
      : [{ label: `${labels.fingerprint} · ${algorithm}`, value: work.fingerprint, code: true }]),
    ...(document === undefined ? [] : [{ label: labels.iscc, value: document.iscc.code, code: true }]),
    ...(receipt.document === undefined ? [] : [{ label: labels.document, value: receipt.document, code: true }]),
  ]
}

const FACTS = { top: 541, leading: 14.2, values: 190 } as const

function drawFacts(sheet: Sheet, content: PageContent, wording: Wording): void {
  const { faces } = content
  const label: TextStyle = { face: faces.text, size: 8.2, colour: SOFT }
  const value: TextStyle = { face: faces.text, size: 8.8, colour: INK }
  const code: TextStyle = { face: faces.mono, size: 7.6, colour: INK }
  for (const [index, fact] of factsOf(content, wording).entries()) {
    const y = FACTS.top + index * FACTS.leading
    sheet.text(fact.label, LEFT, y, label)
    const style = fact.code === true ? code : value
    const [row] = wrap(fact.value, { width: RIGHT - FACTS.values, lines: 1, widthOf: (text) => sheet.widthOf(text, style) })
    sheet.text(row ?? '', FACTS.values, y, style)
    sheet.line(LEFT, y + 4.2, RIGHT, y + 4.2, 0.25, RULE)
  }
}

function drawFoot(sheet: Sheet, content: PageContent, wording: Wording): void {
  const { data, faces, receipt, digest } = content
  const top = 717
  sheet.fill(qrShapes(data.verifyAt, LEFT, top, 70), INK)
  const x = LEFT + 84
  const width = 280
  sheet.text(wording.verifyHeading, x, top + 8, { face: faces.bold, size: 10, colour: INK })
  const plain: TextStyle = { face: faces.text, size: 8.2, colour: INK }
  const rows = wrap(wording.verify, { width, lines: 3, widthOf: (text) => sheet.widthOf(text, plain) })
  for (const [index, row] of rows.entries()) sheet.text(row, x, top + 21 + 11 * index, plain)
  const soft: TextStyle = { ...plain, colour: SOFT }
  sheet.text(wording.attached, x, top + 23 + 11 * rows.length, soft)
  const address: TextStyle = { face: faces.mono, size: 5.6, colour: SOFT }
  const [line] = wrap(data.verifyAt, { width, lines: 1, widthOf: (text) => sheet.widthOf(text, address) })
  sheet.text(line ?? '', x, top + 69, address)

  // Where the fingerprint is the picture already, it is not drawn twice.
  const centre: [number, number] = [RIGHT - 38, top + 34]
  if (content.picture !== undefined || data.excerpt !== undefined || data.waveform !== undefined) {
    sheet.fill(rosette(codeOf(receipt), ...centre, 40), SEAL)
    sheet.text(
      receipt.work.fingerprintType === 0 ? wording.hashSeal : wording.seal,
      centre[0],
      top + 83,
      { face: faces.italic, size: 6.6, colour: SOFT },
      'centre',
    )
  }
  const small: TextStyle = { face: faces.text, size: 6, colour: SOFT }
  const text = `${wording.dataDigest}  `
  const mono: TextStyle = { face: faces.mono, size: 5.6, colour: SOFT }
  const start = MIDDLE - (sheet.widthOf(text, small) + sheet.widthOf(digest, mono)) / 2
  sheet.text(text, start, 809, small)
  sheet.text(digest, start + sheet.widthOf(text, small), 809, mono)
}

/** What the deposit's time rests on. */
function groundOf(receipt: DepositReceipt): OnChain {
  return receipt.seal ?? receipt.anchor ?? receipt.record!
}

/** The 256 bits to draw: the fingerprint, or the hash of what has none. */
function codeOf({ work }: DepositReceipt): string {
  return work.fingerprintType === 0 ? work.contentHash : work.fingerprint
}

/** SHA-256 over the parts, each preceded by its length. */
export function digestOf(parts: readonly Uint8Array[]): string {
  const hash = sha256.create()
  for (const part of parts) {
    const length = new Uint8Array(8)
    new DataView(length.buffer).setBigUint64(0, BigInt(part.length))
    hash.update(length).update(part)
  }
  return bytesToHex(hash.digest())
}
