import type { ColophonError, DepositReceipt } from '@colophon/sdk'
import type { Fingerprint } from '@colophon/sdk/fingerprint'
import { type ReactNode, useState } from 'react'
import { useWorks } from '../catalogue/index.ts'
import { Button } from '../design/index.ts'
import { useLanguage, useMessages } from '../i18n/index.tsx'
import { ErrorNotice } from '../states/index.tsx'
import { asError } from '../transaction/index.ts'
import { certificateOf, download } from './certificate.ts'
import { depositMessages } from './messages.ts'

/** Makes the certificate when it is asked for, and hands it over. */
export function CertificateButton({
  receipt,
  file,
  media,
  look,
}: {
  receipt: DepositReceipt
  file?: File
  media?: Fingerprint['media']
  look?: 'primary'
}): ReactNode {
  const texts = useMessages(depositMessages)
  const { language } = useLanguage()
  const { reader } = useWorks()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ColophonError>()
  const make = async (): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      const pdf = await certificateOf(receipt, reader, {
        language,
        ...(file === undefined ? {} : { file }),
        ...(media === undefined ? {} : { media }),
      })
      download(pdf, `certificate-${receipt.id.slice(2, 12)}.pdf`)
    } catch (fault) {
      setError(asError(fault))
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button {...(look === undefined ? { compact: true } : { look })} isDisabled={busy} onPress={() => void make()}>
        {busy ? texts.makingCertificate : texts.certificate}
      </Button>
      {error !== undefined && <ErrorNotice error={error} />}
    </>
  )
}
