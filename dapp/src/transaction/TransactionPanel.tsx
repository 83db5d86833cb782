import type { ReactNode } from 'react'
import { Button, Progress } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { ErrorNotice, Hash } from '../states/index.tsx'
import { transactionMessages } from './messages.ts'
import type { TransactionState } from './state.ts'

/** Where a write is, in words. Nothing while there is none. */
export function TransactionPanel({
  state,
  onRetry,
  confirmed,
}: {
  state: TransactionState<unknown>
  onRetry?: () => void
  /** Said instead of the general words once it is done. */
  confirmed?: ReactNode
}): ReactNode {
  const texts = useMessages(transactionMessages)
  const hash =
    'hash' in state && state.hash !== undefined ? (
      <p className="small">
        {texts.hash}: <Hash value={state.hash} label={texts.hash} />
      </p>
    ) : null
  const retry =
    onRetry === undefined ? null : (
      <div>
        <Button compact onPress={onRetry}>
          {texts.again}
        </Button>
      </div>
    )
  switch (state.status) {
    case 'idle':
      return null
    case 'simulating':
    case 'approving':
    case 'signing':
    case 'pending':
      return (
        <div className="notice" role="status" data-transaction={state.status}>
          <Progress label={texts[state.status]} />
          {hash}
        </div>
      )
    case 'stuck':
      return (
        <div className="notice warn" role="status" data-transaction="stuck">
          <p>{texts.stuck}</p>
          {hash}
        </div>
      )
    case 'confirmed':
      return (
        <div className="notice good" role="status" data-transaction="confirmed">
          <p className="head">{confirmed ?? texts.confirmed}</p>
          {hash}
        </div>
      )
    case 'rejected':
      return (
        <div className="notice warn" role="alert" data-transaction="rejected">
          <p>{texts.rejected}</p>
          {retry}
        </div>
      )
    case 'replaced':
      return (
        <div className="notice warn" role="alert" data-transaction="replaced">
          <p className="head">{texts.replaced}</p>
          {state.replacement !== undefined && (
            <p className="small">
              {texts.replacement}: <Hash value={state.replacement} label={texts.replacement} />
            </p>
          )}
          {retry}
        </div>
      )
    case 'failed':
      return (
        <div data-transaction="failed">
          <ErrorNotice error={state.error} {...(onRetry === undefined ? {} : { onRetry })} />
        </div>
      )
  }
}
