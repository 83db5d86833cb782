import type { ClaimStatus, SignedSettlement } from '@colophon/sdk'
import { type ReactNode, useState } from 'react'
import { Action, signing } from '../action/index.ts'
import { useChain, useLoad } from '../chain/index.ts'
import { Citation } from '../citation/index.ts'
import { Button, Dialog, TextField } from '../design/index.ts'
import { FileDrop } from '../files/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { AmountField, ExactAmount, parseAmount, useMoney } from '../money/index.ts'
import { download } from '../saving/index.ts'
import { ErrorNotice } from '../states/index.tsx'
import { isEvidenceUri } from './evidenceUri.ts'
import { claimsMessages } from './messages.ts'

/** The claimant signs what the matter is worth to her. */
export function OfferSettlement({ status }: { status: ClaimStatus }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon } = useChain()
  const { kindOf } = useMoney()
  const [text, setText] = useState('0.1')
  const [currency, setCurrency] = useState('native')
  const [signed, setSigned] = useState<SignedSettlement>()
  const amount = parseAmount(text, kindOf(currency).decimals)
  const save = (settlement: SignedSettlement): void =>
    download(`settlement-${status.id.slice(2, 12)}.json`, 'application/json', JSON.stringify(settlement, null, 2))
  return (
    <>
      <Action
        label={texts.settle}
        title={texts.settleTitle}
        contract="InfringementClaims"
        ready={amount !== undefined && amount > 0n}
        facts={() => [
          { name: texts.amount, value: amount === undefined ? '–' : <ExactAmount amount={amount} currency={currency} /> },
          { name: texts.original, value: <Citation workId={status.claim.workId} size={40} /> },
        ]}
        run={(options) => signing(options, () => colophon.claims.offerSettlement(status.id, { amount: amount!, currency, coversFrom: 0 }))}
        onDone={(settlement) => {
          setSigned(settlement)
          save(settlement)
        }}
        done={texts.settleSigned}
      >
        <p>{texts.settleAbout}</p>
        <AmountField
          label={texts.amount}
          value={text}
          onChange={setText}
          currency={currency}
          onCurrency={setCurrency}
          fault={amount === undefined || amount === 0n ? texts.amountFault : undefined}
        />
      </Action>
      {signed !== undefined && <Button onPress={() => save(signed)}>{texts.saveSettlement}</Button>}
    </>
  )
}

/** The other side opens what the claimant signed, and pays. */
export function AcceptSettlement({ status }: { status: ClaimStatus }): ReactNode {
  const texts = useMessages(claimsMessages)
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button onPress={() => setOpen(true)}>{texts.takeSettlement}</Button>
      {open && (
        <Dialog title={texts.takeSettlement} onClose={() => setOpen(false)}>
          <Given status={status} />
        </Dialog>
      )}
    </>
  )
}

function Given({ status }: { status: ClaimStatus }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon } = useChain()
  const { moment } = useFormats()
  const [text, setText] = useState<string>()
  const loaded = useLoad(async () => {
    if (text === undefined) return undefined
    const { parseSettlement, readSettlement } = await import('@colophon/sdk/claims')
    const signed = parseSettlement(text)
    return { signed, read: readSettlement(signed) }
  }, [text])
  const found = loaded.value
  if (found === undefined)
    return (
      <>
        <FileDrop
          title={texts.takeSettlement}
          about={texts.takeSettlementAbout}
          accept={['application/json', '.json']}
          onFiles={([file]) => void file?.text().then(setText)}
        />
        {loaded.status === 'failed' && <ErrorNotice error={loaded.error!} />}
      </>
    )
  if (found.read.claimId !== status.id) return <p className="notice bad">{texts.wrongClaim}</p>
  return (
    <>
      <dl className="facts">
        <dt>{texts.amount}</dt>
        <dd>
          <ExactAmount amount={found.read.amount} currency={found.read.currency} />
        </dd>
        <dt>{texts.goodUntil}</dt>
        <dd>{moment(found.read.deadline.getTime() / 1000)}</dd>
      </dl>
      {found.read.offerId !== undefined && <p className="notice">{texts.licenseNeeded}</p>}
      <div className="row">
        <Action
          look="primary"
          label={texts.accept}
          title={texts.acceptTitle}
          contract="InfringementClaims"
          facts={() => [
            { name: texts.amount, value: <ExactAmount amount={found.read.amount} currency={found.read.currency} /> },
            { name: texts.original, value: <Citation workId={status.claim.workId} size={40} /> },
          ]}
          run={(options) => colophon.claims.acceptSettlement({ claim: status.id, settlement: found.signed }, options)}
          done={texts.settled}
        />
      </div>
    </>
  )
}

/** More evidence, by its address. */
export function SubmitEvidence({ status }: { status: ClaimStatus }): ReactNode {
  const texts = useMessages(claimsMessages)
  const { colophon } = useChain()
  const [uri, setUri] = useState('')
  const good = uri.trim() !== '' && isEvidenceUri(uri)
  return (
    <Action
      label={texts.evidenceMore}
      contract="InfringementClaims"
      ready={good}
      facts={() => [
        { name: texts.original, value: <Citation workId={status.claim.workId} size={40} /> },
        { name: texts.evidence, value: <code>{uri.trim()}</code> },
      ]}
      run={(options) => colophon.claims.submitEvidence({ claim: status.id, evidence: uri.trim() }, options)}
      done={texts.submitted}
    >
      <TextField
        label={texts.uri.replace(/[（(].*$/, '')}
        value={uri}
        onChange={setUri}
        fault={uri !== '' && !good ? texts.uriFault : undefined}
        inputMode="url"
      />
    </Action>
  )
}
