import { formatEther } from 'ethers'
import { type ReactNode, useEffect, useState } from 'react'
import { useChain } from '../chain/index.ts'
import { Button, Dialog, RadioGroup } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Hash } from '../states/index.tsx'
import { DEV_WALLET } from './devWallet.ts'
import { walletMessages } from './messages.ts'
import { useWallet } from './WalletProvider.tsx'

/** Who is connected, what they have, and the way out. */
export default function Account({ onClose }: { onClose(): void }): ReactNode {
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
