import type { Hex, Level } from '@colophon/sdk'

/** What shows later that a credential is the one that a verifier saw. The chain has a hash of it; nobody else has the salt. */
export interface KeptSalt {
  type: 'colophon-credential-salt'
  version: 1
  chainId: number
  verifier: string
  subject: string
  level: Exclude<Level, 'none'>
  claim: Hex
  /** 32 random bytes. */
  salt: Hex
}

const PREFIX = 'colophon.salt.'

function keyOf({ chainId, verifier, claim }: Pick<KeptSalt, 'chainId' | 'verifier' | 'claim'>): string {
  return `${PREFIX}${chainId}.${verifier}.${claim}`.toLowerCase()
}

/** Before the wallet is asked: a hash on the chain must never be without its salt. */
export function keepSalt(salt: KeptSalt): void {
  localStorage.setItem(keyOf(salt), JSON.stringify(salt))
}

/** Once it was handed over, or if nothing was sent. */
export function forgetSalt(salt: KeptSalt): void {
  localStorage.removeItem(keyOf(salt))
}

/** Salts of what a verifier sent from this browser, on a chain. */
export function keptSalts(chainId: number, verifier: string): KeptSalt[] {
  const prefix = `${PREFIX}${chainId}.${verifier}.`.toLowerCase()
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(prefix))
    .flatMap((key) => parseSalt(localStorage.getItem(key)!) ?? [])
}

function parseSalt(text: string): KeptSalt | undefined {
  try {
    const salt = JSON.parse(text) as Partial<KeptSalt> | null
    const words = [salt?.claim, salt?.salt].every((word) => /^0x[0-9a-f]{64}$/.test(word ?? ''))
    return salt?.type === 'colophon-credential-salt' && words && typeof salt.subject === 'string' ? (salt as KeptSalt) : undefined
  } catch {
    return undefined
  }
}

/** The file for the holder of the account. */
export function saltFile({ subject }: KeptSalt): string {
  return `credential-${subject.slice(2, 10)}.json`
}
