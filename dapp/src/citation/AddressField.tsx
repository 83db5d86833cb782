import { getAddress, ZeroAddress } from 'ethers'
import type { ReactNode } from 'react'
import { useChain } from '../chain/index.ts'
import { TextField } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { Party } from './Citation.tsx'
import { citationMessages } from './messages.ts'
import './citation.css'

/** An address that was typed, in EIP-55; undefined if it is none, or if its own checksum says that it was mistyped. */
export function addressIn(text: string): string | undefined {
  const trimmed = text.trim()
  if (!/^0x[0-9a-f]{40}$/i.test(trimmed)) return undefined
  try {
    return getAddress(trimmed)
  } catch {
    return undefined
  }
}

/** What is wrong with an address to which something of one's own is to go; undefined if nothing is. */
export function useRecipientFault(): (text: string, allowSelf?: boolean) => string | undefined {
  const texts = useMessages(citationMessages)
  const { account, deployment } = useChain()
  return (text, allowSelf = false) => {
    const address = addressIn(text)
    if (address === undefined) return /^0x[0-9a-f]{40}$/i.test(text.trim()) ? texts.addressTypo : texts.addressFault
    if (address === ZeroAddress) return texts.addressNobody
    if (address === account && !allowSelf) return texts.addressOwn
    const contracts = Object.values(deployment?.contracts ?? {}).map((contract) => contract?.address)
    return contracts.includes(address) ? texts.addressContract : undefined
  }
}

/** An account to be typed, shown in full once it is one. */
export function AddressField({
  label,
  hint,
  value,
  onChange,
  fault,
}: {
  label: string
  hint?: string
  value: string
  onChange(value: string): void
  fault: string | undefined
}): ReactNode {
  const address = addressIn(value)
  return (
    <div className="address-field">
      <TextField
        label={label}
        {...(hint === undefined ? {} : { hint })}
        mono
        value={value}
        onChange={onChange}
        fault={fault}
        autoComplete="off"
        placeholder="0x…"
      />
      {address !== undefined && fault === undefined && (
        <p className="small">
          <Party account={address} />
        </p>
      )}
    </div>
  )
}
