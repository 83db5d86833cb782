import type { Fingerprint } from '@colophon/sdk/fingerprint'
import { type ReactNode, useCallback, useEffect, useRef, useState } from 'react'
import { useChain } from '../chain/index.ts'
import { Button, RadioGroup } from '../design/index.ts'
import { fileMessages } from '../files/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { LookAlikes, useLookAlikes } from '../lookalikes/index.ts'
import { Mark } from '../mark/index.ts'
import { ErrorNotice, Loading } from '../states/index.tsx'
import { asError, TransactionPanel, useTransaction } from '../transaction/index.ts'
import { useWallet, WalletList } from '../wallet/index.ts'
import { DepositForm } from './DepositForm.tsx'
import { formFaults, keepCreator } from './description.ts'
import { type Draft, keepDraft, type Way } from './draft.ts'
import { depositMessages } from './messages.ts'
import { type Deposited, deposit, depositedBy } from './send.ts'

/** The second and third step: words, and the signature. */
export function Describe({
  first,
  resumed,
  onDone,
  onDiscard,
}: {
  first: Draft
  resumed: boolean
  onDone(done: Deposited, draft: Draft): void
  onDiscard(): void
}): ReactNode {
  const texts = useMessages(depositMessages)
  const chain = useChain()
  const { connected } = useWallet()
  const [draft, setDraft] = useState(first)
  const [checked, setChecked] = useState(false)
  const [choosing, setChoosing] = useState(false)
  const lookAlikes = useLookAlikes(draft.fingerprint)

  const latest = useRef(draft)
  const change = useCallback((next: Draft) => {
    latest.current = next
    setDraft(next)
    keepDraft(next).catch(() => undefined)
  }, [])
  // The hash is kept before anything waits for it: a reload then finds the deposit instead of sending it twice.
  const onSent = useCallback(async (hash: string) => {
    if (latest.current.way === 'sealed') return
    const next = { ...latest.current, sent: { hash, way: latest.current.way } }
    latest.current = next
    await keepDraft(next).catch(() => undefined)
  }, [])
  const { state, busy, run, reset } = useTransaction<Deposited>(onSent)
  const finished = (done: Deposited): void => {
    chain.changed()
    onDone(done, latest.current)
  }
  const earlier = useEarlier(first, finished)

  const send = async (): Promise<void> => {
    const { form, fingerprint, file, way } = latest.current
    keepCreator(form)
    const done = await run((options) => deposit(chain, { fingerprint, form, fileName: file.name, way }, options))
    if (done !== undefined) finished(done)
  }
  const waiting = useRef(false)
  const sheet = useRef<HTMLElement>(null)
  const press = (): void => {
    setChecked(true)
    if (Object.keys(formFaults(latest.current.form)).length > 0) {
      requestAnimationFrame(() => sheet.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      return
    }
    if (chain.signer !== undefined) return void send()
    waiting.current = true
    setChoosing(true)
  }
  // Connecting was the only thing that was missing: go on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when there is a signer
  useEffect(() => {
    if (chain.signer === undefined || !waiting.current) return
    waiting.current = false
    void send()
  }, [chain.signer])

  const ways: Way[] = ['direct', ...(chain.settings.relay === undefined ? [] : (['sponsored'] as const)), 'sealed']
  const blocked = chain.network !== 'ok' || chain.wrongWalletChain !== undefined
  if (earlier === 'looking')
    return (
      <div className="notice">
        <Loading label={texts.resuming} />
      </div>
    )
  return (
    <div className="deposit">
      <FingerprintSheet fingerprint={draft.fingerprint} fileName={draft.file.name} />
      <div className="stack deposit-words">
        {resumed && <p className="notice">{texts.resumed}</p>}
        {earlier !== undefined && earlier !== 'none' && <ErrorNotice error={earlier} />}
        <section className="stack">
          <h2>{texts.lookAlikes}</h2>
          <LookAlikes state={lookAlikes} />
        </section>
        <section className="sheet stack" ref={sheet}>
          <h2>{texts.form}</h2>
          <p className="quiet">{texts.formAbout}</p>
          <DepositForm values={draft.form} onChange={(form) => change({ ...draft, form })} checked={checked} isDisabled={busy} />
          <RadioGroup
            label={texts.way}
            value={draft.way}
            onChange={(way) => change({ ...draft, way })}
            isDisabled={busy}
            options={ways.map((way) => ({ id: way, name: texts[way], about: texts[`${way}About`] }))}
          />
          <div className="row">
            <Button look="primary" onPress={press} isDisabled={busy || blocked || state.status === 'stuck'}>
              {draft.way === 'sealed' ? texts.seal : texts.deposit}
            </Button>
            <Button
              look="plain"
              isDisabled={busy}
              onPress={() => {
                reset()
                onDiscard()
              }}
            >
              {texts.discard}
            </Button>
          </div>
          <TransactionPanel state={state} onRetry={press} />
        </section>
      </div>
      {choosing && connected === undefined && (
        <WalletList
          onClose={() => {
            setChoosing(false)
          }}
        />
      )}
    </div>
  )
}

/** Looks for a transaction that was sent before the page was loaded again. */
function useEarlier(first: Draft, onDone: (done: Deposited) => void): 'looking' | 'none' | ReturnType<typeof asError> {
  const { colophon } = useChain()
  const [state, setState] = useState<'looking' | 'none' | ReturnType<typeof asError>>(first.sent === undefined ? 'none' : 'looking')
  // biome-ignore lint/correctness/useExhaustiveDependencies: once
  useEffect(() => {
    const { sent } = first
    if (sent === undefined) return
    let current = true
    let timer: ReturnType<typeof setTimeout>
    const look = async (): Promise<void> => {
      try {
        const receipt = await depositedBy(colophon, sent.hash)
        if (current) onDone({ kind: 'deposit', receipt })
      } catch (fault) {
        if (!current) return
        const error = asError(fault)
        if (error.code === 'TRANSACTION_PENDING') timer = setTimeout(() => void look(), 1500)
        else setState(error)
      }
    }
    void look()
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [])
  return state
}

function FingerprintSheet({ fingerprint, fileName }: { fingerprint: Fingerprint; fileName: string }): ReactNode {
  const texts = useMessages(depositMessages)
  const kinds = useMessages(fileMessages)
  const { bytes } = useFormats()
  return (
    <section className="deposit-plate stack">
      <div className="work-plate">
        <Mark bits={fingerprint.code?.bits ?? fingerprint.sha256} type={fingerprint.code?.type ?? 0} printed />
      </div>
      <h2>{texts.fingerprint}</h2>
      <p className="file-name">{fileName}</p>
      <p className="small quiet">
        {kinds[fingerprint.media]}, {fingerprint.mediaType}, {bytes(fingerprint.size)}
      </p>
      <p className="small mono">{fingerprint.iscc}</p>
      {fingerprint.declaredType !== undefined && (
        <p className="notice warn">{texts.otherwise(fingerprint.declaredType, fingerprint.mediaType)}</p>
      )}
      {fingerprint.plain && <p className="notice warn">{texts.plain}</p>}
    </section>
  )
}
