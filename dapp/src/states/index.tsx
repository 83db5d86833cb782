import type { ColophonError } from '@colophon/sdk'
import { type ReactNode, useEffect, useState } from 'react'
import { useNetwork } from '../chain/index.ts'
import { Button, Copy } from '../design/index.ts'
import { useLanguage, useMessages } from '../i18n/index.tsx'
import { useWallet } from '../wallet/WalletProvider.tsx'
import { stateMessages } from './messages.ts'

export function Loading({ label }: { label?: string }): ReactNode {
  const texts = useMessages(stateMessages)
  return (
    <p role="status" className="quiet">
      {label ?? texts.loading}
    </p>
  )
}

/** Nothing here, and what one could do about it. With `page` it is all there is, and its title that of the page. */
export function Empty({ title, page, children }: { title: string; page?: boolean; children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      {page === true ? <h1>{title}</h1> : <h2>{title}</h2>}
      {children}
    </div>
  )
}

/**
 * An error of the SDK with its hint. The SDK speaks English: in Chinese its code is explained where it is one that people meet, with the SDK's own words,
 * which have the particulars, below.
 */
export function ErrorNotice({ error, onRetry, children }: { error: ColophonError; onRetry?: () => void; children?: ReactNode }): ReactNode {
  const texts = useMessages(stateMessages)
  const explained = useExplained(error.code)
  return (
    <div className="notice bad" role="alert">
      {explained === undefined ? (
        <>
          <p className="head" lang="en">
            {error.shortMessage}
          </p>
          {error.hint !== undefined && <p lang="en">{error.hint}</p>}
        </>
      ) : (
        <>
          <p className="head">{explained[0]}</p>
          <p>{explained[1]}</p>
          <p className="small" lang="en">
            {error.shortMessage} {error.hint}
          </p>
        </>
      )}
      <p className="small">
        {texts.code(error.code)} ·{' '}
        <a href={error.docsUrl} rel="noreferrer" target="_blank">
          {texts.readMore}
        </a>
      </p>
      {children}
      {onRetry !== undefined && (
        <div>
          <Button compact onPress={onRetry}>
            {texts.again}
          </Button>
        </div>
      )}
    </div>
  )
}

/** What a code means and what one can do, in another language than the SDK's; undefined in English, for rare codes, and until it is loaded. */
function useExplained(code: string): readonly [what: string, hint: string] | undefined {
  const { language } = useLanguage()
  const [explained, setExplained] = useState<readonly [string, string]>()
  useEffect(() => {
    setExplained(undefined)
    if (language !== 'zh-CN') return
    let current = true
    import('./faults.zh.ts').then(
      ({ FAULTS }) => {
        if (current) setExplained(FAULTS[code])
      },
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [code, language])
  return explained
}

/** What stands in the way of the whole app: no network, no chain, the wrong chain. Nothing while all is well. */
export function NetworkNotice(): ReactNode {
  const texts = useMessages(stateMessages)
  const { network, settings, wrongWalletChain } = useNetwork()
  const { switchChain } = useWallet()
  if (network === 'offline') return <Notice title={texts.offline} about={texts.offlineAbout} />
  if (network === 'unreachable') return <Notice title={texts.unreachable} about={texts.unreachableAbout(settings.rpcUrl)} />
  if (network === 'wrong-rpc') return <Notice title={texts.wrongRpc} about={texts.wrongRpcAbout(settings.chainName)} />
  if (wrongWalletChain !== undefined)
    return (
      <Notice title={texts.wrongWallet(wrongWalletChain)} about={texts.wrongWalletAbout(settings.chainName)}>
        <Button compact onPress={() => void switchChain().catch(() => undefined)}>
          {texts.switchChain}
        </Button>
      </Notice>
    )
  return null
}

function Notice({ title, about, children }: { title: string; about: string; children?: ReactNode }): ReactNode {
  return (
    <div className="notice warn" role="status">
      <p className="head">{title}</p>
      <p>{about}</p>
      {children !== undefined && <div>{children}</div>}
    </div>
  )
}

/** A hash, id or address, whole, with a way to copy it. */
export function Hash({ value, label }: { value: string; label: string }): ReactNode {
  const texts = useMessages(stateMessages)
  const [copied, setCopied] = useState(false)
  return (
    <span className="hash">
      <code>{value}</code>
      <Button
        look="plain"
        compact
        aria-label={`${texts.copy}: ${label}`}
        onPress={() => {
          navigator.clipboard.writeText(value).then(
            () => {
              setCopied(true)
              setTimeout(() => setCopied(false), 1500)
            },
            () => undefined,
          )
        }}
      >
        {copied ? texts.copied : <Copy />}
      </Button>
    </span>
  )
}
