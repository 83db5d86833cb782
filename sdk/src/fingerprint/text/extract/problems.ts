import { ColophonError } from '../../../errors/base.ts'

/** What an extractor needs to know besides the bytes. */
export interface ExtractOptions {
  name?: string
  /** Most bytes of a file that has to be read as a whole: PDF, EPUB, DOCX. */
  maxBytes: number
  signal?: AbortSignal
}

/** The file is damaged, or not what it says it is. */
export function unreadable(why: string, { name }: { name?: string | undefined }, cause?: unknown): ColophonError {
  return new ColophonError('TEXT_UNREADABLE', `The text cannot be read: ${why}.`, {
    hint: 'Open the file in the program it was made with and save it again, or fingerprint it as data with media: "data".',
    details: { name },
    ...(cause === undefined ? {} : { cause }),
  })
}

/** The file is encrypted. */
export function locked(why: string, { name }: { name?: string | undefined }): ColophonError {
  return new ColophonError('TEXT_LOCKED', `The text cannot be read: ${why}.`, {
    hint: 'Save it without password or copy protection, or fingerprint it as data with media: "data".',
    details: { name },
  })
}

/** The file unpacks to more than it should. */
export function tooLarge(why: string, { name }: { name?: string | undefined }, limit: number): ColophonError {
  return new ColophonError('TEXT_TOO_LARGE', `The text is too large: ${why}.`, {
    hint: 'It looks like a decompression bomb. If it is not, give its text as a plain file, which has no limit.',
    details: { name, limit },
  })
}
