import { formatEther } from 'ethers'
import { type ReactNode, useEffect, useState } from 'react'
import { useChain } from '../chain/index.ts'
import { Button, Dialog, RadioGroup, Wallet } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Hash } from '../states/index.tsx'
import { DEV_WALLET } from './devWallet.ts'
import { walletMessages } from './messages.ts'
import { useWallet } from './WalletProvider.tsx'

/** Who is connected, and the way to change it. */
export function WalletButton(): ReactNode {
  const texts = useMessages(walletMessages)
  const { connected, dev } = useWallet()
  const [open, setOpen] = useState(false)
  const name = connected?.choice.id === DEV_WALLET ? dev?.accounts.find(({ address }) => address === connected.account)?.name : undefined
  return (
    <>
      <Button compact onPress={() => setOpen(true)}>
        <Wallet />
        {connected === undefined ? texts.connect : (name ?? `${connected.account.slice(0, 6)}…${connected.account.slice(-4)}`)}
      </Button>
      {open && (connected === undefined ? <WalletList onClose={() => setOpen(false)} /> : <Account onClose={() => setOpen(false)} />)}
    </>
  )
}

/** The wallets there are, to choose one. */
export function WalletList({ onClose }: { onClose(): void }): ReactNode {
  const texts = useMessages(walletMessages)
  const { choices, connect } = useWallet()
  const [fault, setFault] = useState<string>()
  return (
    <Dialog title={texts.connect} onClose={onClose}>
      <p>{texts.connectAbout}</p>
      {choices.length === 0 && <p className="notice warn">{texts.none}</p>}
      <ul className="stack">
        {choices.map(({ id, name, icon }) => (
          <li key={id} className="wallet-choice">
            <Button
              onPress={() => {
                setFault(undefined)
                connect(id).then(onClose, (cause: unknown) => setFault(cause instanceof Error ? cause.message : String(cause)))
              }}
            >
              {icon === undefined ? <Wallet /> : <img src={icon} alt="" width={22} height={22} />}
              {texts.connectTo(name)}
            </Button>
            {id === DEV_WALLET && <p className="small quiet">{texts.devAbout}</p>}
          </li>
        ))}
      </ul>
      {fault !== undefined && (
        <p className="notice bad" role="alert">
          {fault}
        </p>
      )}
    </Dialog>
  )
}

function Account({ onClose }: { onClose(): void }): ReactNode {
  const texts = useMessages(walletMessages)
  const { connected, dev, disconnect } = useWallet()
  const { provider, settings, revision } = useChain()
  const [balance, setBalance] = useState<bigint>()
  const account = connected?.account
  // biome-ignore lint/correctness/useExhaustiveDependencies: read again when the chain has moved on
  useEffect(() => {
    if (account === undefined) return
    let current = true
    provider.getBalance(account).then(
      (found) => current && setBalance(found),
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [account, provider, revision])
  if (connected === undefined) return null
  return (
    <Dialog title={texts.account} onClose={onClose}>
      <p>{texts.connectedWith(connected.choice.name)}</p>
      <dl className="facts">
        <dt>{texts.account}</dt>
        <dd>
          <Hash value={connected.account} label={texts.account} />
        </dd>
        <dt>{texts.balance}</dt>
        <dd>{balance === undefined ? '…' : `${formatEther(balance)} ${settings.currency}`}</dd>
      </dl>
      {dev !== undefined && connected.choice.id === DEV_WALLET && (
        <RadioGroup
          label={texts.accounts}
          value={connected.account}
          onChange={(address) => dev.select(address)}
          options={dev.accounts.map(({ name, address }) => ({ id: address, name, about: address }))}
        />
      )}
      <div className="row">
        <Button
          onPress={() => {
            disconnect()
            onClose()
          }}
        >
          {texts.disconnect}
        </Button>
      </div>
    </Dialog>
  )
}
