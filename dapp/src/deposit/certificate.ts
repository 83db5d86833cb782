import { cidOfDigest, type DepositReceipt } from '@colophon/sdk'
import type { Fingerprint } from '@colophon/sdk/fingerprint'
import type { Language } from '../i18n/index.tsx'
import type { Reader } from '../store/documents.ts'

/**
 * The certificate of a deposit as PDF. With the file it shows a preview, made here.
 * @throws as `createCertificate`: FONT_LACKS_CHARACTER where a title needs a font that is not bundled
 */
export async function certificateOf(
  receipt: DepositReceipt,
  reader: Reader,
  { file, media, language }: { file?: File; media?: Fingerprint['media']; language: Language },
): Promise<Blob> {
  const { createCertificate, previewOf } = await import('@colophon/sdk/certificate')
  const document = receipt.document === undefined ? undefined : await reader.get(cidOfDigest(receipt.work.metadata))
  const preview =
    file !== undefined && (media === 'image' || media === 'text') ? await previewOf(file, media).catch(() => undefined) : undefined
  const input = {
    receipt,
    ...(document === undefined ? {} : { document }),
    ...(preview === undefined ? {} : { preview }),
    verifyAt: `${location.href.split('#')[0]}#/verify/{id}`,
  }
  const pdf = await createCertificate({ ...input, language: language === 'zh-CN' ? 'zh' : 'en' }).catch(
    async (fault: { code?: unknown }) => {
      // The standard fonts have no Chinese: then the words of the form are in English, if the title's are.
      if (language === 'zh-CN' && fault.code === 'FONT_LACKS_CHARACTER') return await createCertificate({ ...input, language: 'en' })
      throw fault
    },
  )
  return new Blob([pdf], { type: 'application/pdf' })
}

/** Hands bytes to the browser as a download. */
export function download(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

export function downloadJson(value: unknown, name: string): void {
  download(new Blob([`${JSON.stringify(value, null, 2)}\n`], { type: 'application/json' }), name)
}
