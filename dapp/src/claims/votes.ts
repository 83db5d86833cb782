import type { Hex } from '@colophon/sdk'

/** What opens a sealed vote. Nobody else has it: lost, the vote cannot be opened. */
export interface KeptVote {
  type: 'colophon-vote'
  version: 1
  chainId: number
  panel: string
  disputeId: string
  round: number
  arbitrator: string
  choice: number
  /** 32 random bytes. */
  salt: Hex
}

type VoteKey = Pick<KeptVote, 'chainId' | 'panel' | 'disputeId' | 'round' | 'arbitrator'>

function keyOf({ chainId, panel, disputeId, round, arbitrator }: VoteKey): string {
  return `colophon.vote.${chainId}.${panel}.${disputeId}.${round}.${arbitrator}`.toLowerCase()
}

/** Before the vote is sent: what is on the chain must never be without its secret. */
export function keepVote(vote: KeptVote): void {
  localStorage.setItem(keyOf(vote), JSON.stringify(vote))
}

export function keptVote(key: VoteKey): KeptVote | undefined {
  const text = localStorage.getItem(keyOf(key))
  return text === null ? undefined : parseVote(text)
}

/** A vote from a file, or undefined if it is none. */
export function parseVote(text: string): KeptVote | undefined {
  try {
    const vote = JSON.parse(text) as Partial<KeptVote> | null
    const { chainId, round, choice } = vote ?? {}
    const numbers = [chainId, round, choice].every((value) => Number.isSafeInteger(value) && value! >= 0)
    const texts = typeof vote?.panel === 'string' && typeof vote.arbitrator === 'string' && /^\d+$/.test(vote.disputeId ?? '')
    if (vote?.type !== 'colophon-vote' || vote.version !== 1 || !numbers || !texts) return undefined
    return /^0x[0-9a-f]{64}$/.test(vote.salt ?? '') ? (vote as KeptVote) : undefined
  } catch {
    return undefined
  }
}

export function newSalt(): Hex {
  return `0x${[...crypto.getRandomValues(new Uint8Array(32))].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
