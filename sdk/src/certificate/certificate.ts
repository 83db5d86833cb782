import { sha256 } from '@noble/hashes/sha2.js'
import { decodeDocument } from '../document/index.ts'
import { ColophonError } from '../errors/base.ts'
import { cidOfDigest } from '../receipt/cid.ts'
import { type DepositReceipt, parseReceipt } from '../receipt/receipt.ts'
import { digestToCid } from '../storage/cid.ts'
import {
  ATTACHMENTS,
  BARS,
  type CertificateContent,
  type CertificateData,
  type CertificateLanguage,
  type IdentityStatement,
  isWaveform,
  jsonBytes,
  MAX_EXCERPT,
  type Preview,
} from './data.ts'
import { standardFonts } from './fonts.node.ts'
import { facesOf, openGiven, openSettings, type RoleFont, type Setting } from './fonts.ts'
import { digestOf, drawPage, PAGE } from './page/layout.ts'
import { WORDINGS } from './page/wording.ts'
import { type Attachment, writeDocument } from './pdf/document.ts'
import { pictureOf } from './picture.ts'

export interface CertificateInput {
  /** Receipt of the deposit, as object or JSON text. */
  receipt: DepositReceipt | object | string
  /** The deposit document, byte for byte: title, creators and rights holder come from it. */
  document?: Uint8Array
  /** What to show of the work; by default a drawing of its fingerprint. See {@link previewOf}. */
  preview?: Preview
  /** See {@link identityAt}. */
  identity?: IdentityStatement
  /** `'en'` by default. */
  language?: CertificateLanguage
  /** Where the QR code leads; `{chain}`, `{registry}` and `{id}` are filled in. By default a `colophon:` address that names the deposit. */
  verifyAt?: string
}

export interface CertificateOptions {
  /** Fonts for characters that the standard ones lack: TrueType, as `.ttf` or `.woff`. */
  fonts?: readonly RoleFont[]
}

/** The address that a QR code has when no other is given. */
export const DEFAULT_VERIFY_AT = 'colophon:verify?chain={chain}&registry={registry}&id={id}'

/**
 * Makes the certificate of a deposit: one page A4, PDF/A-3u, with receipt and document attached. The same input and fonts always give the
 * same bytes, which is what makes it verifiable: {@link verifyCertificate}.
 *
 * @throws ColophonError `INVALID_RECEIPT`, `DOCUMENT_INVALID`, `CERTIFICATE_DOCUMENT_FOREIGN`, `CERTIFICATE_PICTURE_INVALID`,
 * `CERTIFICATE_INPUT_INVALID`, `FONT_INVALID`, `FONT_LACKS_CHARACTER`
 */
export async function createCertificate(
  input: CertificateInput,
  { fonts = [] }: CertificateOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  const receipt = parseReceipt(input.receipt)
  const { document, preview, identity, language = 'en' } = input
  if (language !== 'en' && language !== 'zh') throw inputInvalid('language', language, 'en or zh')
  if (preview?.kind === 'waveform' && !isWaveform(preview.bars))
    throw inputInvalid('preview.bars', preview.bars.length, `${BARS} whole numbers of 0 to 255`)
  const data: CertificateData = {
    type: 'colophon-certificate',
    version: 1,
    language,
    verifyAt: addressFor(receipt, input.verifyAt ?? DEFAULT_VERIFY_AT),
    ...(preview?.kind === 'excerpt' ? { excerpt: [...preview.text].slice(0, MAX_EXCERPT).join('') } : {}),
    ...(preview?.kind === 'waveform' ? { waveform: [...preview.bars] } : {}),
    ...(identity === undefined ? {} : { identity }),
    fonts: [],
  }
  const jpeg = preview?.kind === 'picture' || preview?.kind === 'frames' ? preview.jpeg : undefined
  const settings = [...openSettings(await standardFonts()), ...openGiven(fonts)]
  const content = { data, receipt, ...(document === undefined ? {} : { document }), ...(jpeg === undefined ? {} : { jpeg }) }
  // Which fonts the page needs is known when it has been drawn; the data names them, and the page names the data.
  const used = new Set(
    draw(content, settings)
      .finish()
      .fonts.map(({ font }) => font),
  )
  const needed = settings.filter(({ font }) => used.has(font))
  data.fonts = needed.map(({ role, font }) => ({ role, name: font.name, sha256: font.sha256 }))
  return composeCertificate(content, needed)
}

/** The file that this content gives, and no other. @throws as {@link createCertificate} */
export function composeCertificate(content: CertificateContent, settings: readonly Setting[]): Uint8Array<ArrayBuffer> {
  const { data, receipt, document, jpeg } = content
  const wording = WORDINGS[data.language]
  const facts = documentOf(receipt, document)
  const { content: operators, fonts } = draw(content, settings).finish()
  const title = facts?.title ?? wording.untitled
  const modified = receipt.depositedAt
  const json = 'application/json'
  const attachments: Attachment[] = [
    { name: ATTACHMENTS.data, type: json, about: wording.attachments.data, bytes: jsonBytes(data), relationship: 'Data', modified },
    {
      name: ATTACHMENTS.receipt,
      type: json,
      about: wording.attachments.receipt,
      bytes: jsonBytes(receipt),
      relationship: 'Source',
      modified,
    },
    ...(document === undefined
      ? []
      : [
          {
            name: ATTACHMENTS.document,
            type: json,
            about: wording.attachments.document,
            bytes: document,
            relationship: 'Source' as const,
            modified,
          },
        ]),
  ]
  return writeDocument({
    width: PAGE.width,
    height: PAGE.height,
    title: wording.about(title),
    creators: facts?.creators.map(({ name }) => name) ?? [receipt.claimant],
    subject: receipt.id,
    language: data.language === 'zh' ? 'zh-Hans' : 'en',
    content: operators,
    fonts,
    ...(jpeg === undefined ? {} : { picture: pictureOf(jpeg) }),
    attachments,
  })
}

function draw({ data, receipt, document, jpeg }: CertificateContent, settings: readonly Setting[]): ReturnType<typeof drawPage> {
  const facts = documentOf(receipt, document)
  return drawPage({
    data,
    receipt,
    ...(facts === undefined ? {} : { document: facts }),
    ...(jpeg === undefined ? {} : { picture: pictureOf(jpeg) }),
    faces: facesOf(settings),
    digest: digestOf([jsonBytes(data), jsonBytes(receipt), document ?? new Uint8Array(), jpeg ?? new Uint8Array()]),
  })
}

function documentOf(receipt: DepositReceipt, bytes: Uint8Array | undefined): ReturnType<typeof decodeDocument>['document'] | undefined {
  if (bytes === undefined) return undefined
  const expected = cidOfDigest(receipt.work.metadata)
  const found = digestToCid(sha256(bytes))
  if (found !== expected)
    throw new ColophonError('CERTIFICATE_DOCUMENT_FOREIGN', 'The document is not the one that was deposited with the work.', {
      hint: 'Give the document byte for byte; the block store has it under the CID in the receipt.',
      details: { expected, found },
    })
  return decodeDocument(bytes).document
}

function addressFor({ chainId, registry, id }: DepositReceipt, template: string): string {
  const address = template.replaceAll('{chain}', String(chainId)).replaceAll('{registry}', registry).replaceAll('{id}', id)
  if (address.length > 600 || !/^[\x21-\x7e]+$/.test(address) || !URL.canParse(address))
    throw inputInvalid('verifyAt', template.slice(0, 100), 'an absolute URL of at most 600 characters, percent-encoded')
  return address
}

function inputInvalid(field: string, found: unknown, expected: string): ColophonError {
  return new ColophonError('CERTIFICATE_INPUT_INVALID', `${field} should be ${expected}.`, {
    hint: 'Nothing was made; correct it.',
    details: { field, found, expected },
  })
}
