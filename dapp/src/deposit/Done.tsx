import type { ReactNode } from 'react'
import { Button, LinkButton } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { Mark } from '../mark/index.ts'
import { hrefOf } from '../routing/router.ts'
import { Hash } from '../states/index.tsx'
import { CertificateButton } from './CertificateButton.tsx'
import { downloadJson } from './certificate.ts'
import type { Draft } from './draft.ts'
import { depositMessages } from './messages.ts'
import type { Deposited } from './send.ts'

/** What one takes home. */
export function Done({ done, draft, onAnother }: { done: Deposited; draft: Draft; onAnother(): void }): ReactNode {
  const texts = useMessages(depositMessages)
  const { moment } = useFormats()
  const { fingerprint, form, file } = draft
  const another = (
    <Button look="plain" onPress={onAnother}>
      {texts.another}
    </Button>
  )
  return (
    <section className="deposit" data-done={done.kind}>
      <div className="work-plate">
        <Mark bits={fingerprint.code?.bits ?? fingerprint.sha256} type={fingerprint.code?.type ?? 0} />
      </div>
      <div className="stack" role="status">
        {done.kind === 'deposit' ? (
          <>
            <h2 className="done-title">{texts.doneTitle}</h2>
            <p>{texts.doneAbout(form.title, moment(done.receipt.depositedAt))}</p>
            <Hash value={done.receipt.id} label={texts.openWork} />
            <div className="row">
              <CertificateButton receipt={done.receipt} file={file} media={fingerprint.media} look="primary" />
              <Button onPress={() => downloadJson(done.receipt, `${file.name}.receipt.json`)}>{texts.receipt}</Button>
              <LinkButton href={hrefOf('work', done.receipt.id)}>{texts.openWork}</LinkButton>
              {another}
            </div>
          </>
        ) : (
          <>
            <h2 className="done-title">{texts.sealedTitle}</h2>
            <p>{texts.sealedDone(moment(done.seal.sealed.time))}</p>
            <Hash value={done.seal.commitment} label={texts.sealedTitle} />
            <div className="row">
              <Button look="primary" onPress={() => downloadJson(done.opening.opening, `${file.name}.seal.json`)}>
                {texts.key}
              </Button>
              {another}
            </div>
          </>
        )}
      </div>
    </section>
  )
}
