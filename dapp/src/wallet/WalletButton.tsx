import { lazy, type ReactNode, Suspense, useState } from 'react'
import { Button, Wallet } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { DEV_WALLET } from './devWallet.ts'
import { walletMessages } from './messages.ts'
import { useWallet } from './WalletProvider.tsx'

const List = lazy(() => import('./WalletList.tsx'))
const Account = lazy(() => import('./Account.tsx'))

/** Who is connected, and the way to change it. */
export function WalletButton(): ReactNode {
  const texts = useMessages(walletMessages)
  const { connected, dev } = useWallet()
  const [open, setOpen] = useState(false)
  const name = connected?.choice.id === DEV_WALLET ? dev?.accounts.find(({ address }) => address === connected.account)?.name : undefined
  const close = (): void => setOpen(false)
  return (
    <>
      <Button compact onPress={() => setOpen(true)} {...(connected === undefined ? { 'aria-label': texts.connect } : {})}>
        <Wallet />
        {connected === undefined ? texts.connectShort : (name ?? `${connected.account.slice(0, 6)}…${connected.account.slice(-4)}`)}
      </Button>
      {open && <Suspense>{connected === undefined ? <List onClose={close} /> : <Account onClose={close} />}</Suspense>}
    </>
  )
}

/** The wallets there are, to choose one. */
export function WalletList({ onClose }: { onClose(): void }): ReactNode {
  return (
    <Suspense>
      <List onClose={onClose} />
    </Suspense>
  )
}
