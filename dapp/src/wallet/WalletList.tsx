import { type ReactNode, useState } from 'react'
import { Button, Dialog, Wallet } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { DEV_WALLET } from './devWallet.ts'
import { walletMessages } from './messages.ts'
import { useWallet } from './WalletProvider.tsx'

/** The wallets there are, to choose one. */
export default function WalletList({ onClose }: { onClose(): void }): ReactNode {
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
