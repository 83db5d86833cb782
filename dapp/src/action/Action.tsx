import type { ContractName, WriteOptions } from '@colophon/sdk'
import { Fragment, type ReactNode, useState } from 'react'
import { useChain } from '../chain/index.ts'
import { Button, type ButtonProps, Dialog } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { TransactionPanel, useTransaction } from '../transaction/index.ts'
import { WalletList } from '../wallet/index.ts'
import { actionMessages } from './messages.ts'
import './action.css'

/** What somebody should have read before a wallet asks: whole amounts, whole addresses. */
export interface Fact {
  name: string
  value: ReactNode
}

/**
 * A button for one write: it shows what will be sent, then asks the wallet, then says what came of it. Without a wallet it asks for one.
 *
 * Pages read the chain again when the dialog is closed, and not before: what is acted on often leaves the page with it.
 */
export function Action<Result>({
  label,
  title,
  facts,
  contract,
  prepare,
  run,
  done,
  onDone,
  children,
  formFirst,
  ready,
  look,
  compact,
  isDisabled,
}: {
  label: string
  /** Of the dialog; the label by default. */
  title?: string
  facts: readonly Fact[] | (() => readonly Fact[])
  /** Which contract is called, or for which one signs. */
  contract: ContractName
  /** Checks a form before the dialog opens; false keeps it shut. */
  prepare?: () => boolean
  run(options: WriteOptions): Promise<Result>
  /** Said when it is done. */
  done?: ReactNode | ((result: Result) => ReactNode)
  onDone?: (result: Result) => void
  /** More to be decided in the dialog. */
  children?: ReactNode
  /** Puts that before the facts, which then show what was filled in. */
  formFirst?: boolean
  /** Whether what is decided there can be sent; true by default. */
  ready?: boolean
  look?: Exclude<ButtonProps['look'], undefined>
  compact?: boolean
  isDisabled?: boolean
}): ReactNode {
  const texts = useMessages(actionMessages)
  const { account } = useChain()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button
        {...(look === undefined ? {} : { look })}
        compact={compact === true}
        isDisabled={isDisabled === true}
        onPress={() => {
          if (account === undefined || prepare === undefined || prepare()) setOpen(true)
        }}
      >
        {label}
      </Button>
      {open && account === undefined && <WalletList onClose={() => setOpen(false)} />}
      {open && account !== undefined && (
        <Review
          title={title ?? label}
          facts={[
            ...(typeof facts === 'function' ? facts() : facts),
            { name: texts.account, value: <code>{account}</code> },
            { name: texts.contract, value: <ContractLine name={contract} /> },
          ]}
          run={run}
          done={done}
          onDone={onDone}
          ready={ready ?? true}
          formFirst={formFirst === true}
          onClose={() => setOpen(false)}
        >
          {children}
        </Review>
      )}
    </>
  )
}

function ContractLine({ name }: { name: ContractName }): ReactNode {
  const { deployment } = useChain()
  return (
    <>
      {name}
      <br />
      <code>{deployment?.contracts[name]?.address}</code>
    </>
  )
}

function Review<Result>({
  title,
  facts,
  run,
  done,
  onDone,
  ready,
  formFirst,
  onClose,
  children,
}: {
  title: string
  facts: readonly Fact[]
  run(options: WriteOptions): Promise<Result>
  done: ReactNode | ((result: Result) => ReactNode)
  onDone: ((result: Result) => void) | undefined
  ready: boolean
  formFirst: boolean
  onClose(): void
  children: ReactNode
}): ReactNode {
  const texts = useMessages(actionMessages)
  const { changed } = useChain()
  const transaction = useTransaction<Result>()
  const { state, busy } = transaction
  const finished = state.status === 'confirmed' || state.status === 'stuck'
  const close = (): void => {
    if (busy) return
    if (finished) changed()
    onClose()
  }
  const start = (): void => {
    void transaction.run(run).then((result) => {
      if (result !== undefined) onDone?.(result)
    })
  }
  // What the wallet is asked about must go on being what is shown here.
  const form = !finished && children !== undefined && (
    <div className="review-form" inert={busy}>
      {children}
    </div>
  )
  return (
    <Dialog title={title} onClose={close}>
      {formFirst && form}
      <dl className="facts review-facts">
        {facts.map(({ name, value }) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
      {!formFirst && form}
      <TransactionPanel
        state={state}
        confirmed={state.status === 'confirmed' ? (typeof done === 'function' ? done(state.result) : done) : undefined}
      />
      {state.status === 'idle' && <p className="small quiet">{texts.simulated}</p>}
      <div className="row">
        {finished ? (
          <Button look="primary" autoFocus onPress={close}>
            {texts.close}
          </Button>
        ) : (
          <>
            <Button look="primary" isDisabled={busy || !ready} onPress={start}>
              {texts.proceed}
            </Button>
            <Button isDisabled={busy} onPress={close}>
              {texts.cancel}
            </Button>
          </>
        )}
      </div>
    </Dialog>
  )
}

/** Tells the panel that the wallet is being asked for a signature, which sends nothing. */
export async function signing<Result>({ onProgress }: WriteOptions, sign: () => Promise<Result>): Promise<Result> {
  onProgress?.({ stage: 'send', done: 0, total: 1, unit: 'steps' })
  return await sign()
}

/** In place of what only an account has. */
export function NeedsWallet({ about }: { about?: string }): ReactNode {
  const texts = useMessages(actionMessages)
  const [open, setOpen] = useState(false)
  return (
    <div className="empty">
      <p>{about ?? texts.connectToSee}</p>
      <Button look="primary" onPress={() => setOpen(true)}>
        {texts.connect}
      </Button>
      {open && <WalletList onClose={() => setOpen(false)} />}
    </div>
  )
}
