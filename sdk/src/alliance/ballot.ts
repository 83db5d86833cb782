import { invalidInput } from '../input/input.ts'
import { type DocumentKind, defineDocument, defineStruct, type SignedDocument } from '../signing/index.ts'

/** How somebody votes, in the order of the governor's numbers. */
const SUPPORT = ['against', 'for', 'abstain'] as const

export type Support = (typeof SUPPORT)[number]

/** A vote as OpenZeppelin's governor has it signed. */
export interface BallotStruct {
  /** Decimal. */
  proposalId: string
  /** 0 against, 1 for, 2 abstain. */
  support: number
  voter: string
  /** Decimal; a ballot counts while this is the voter's next one. */
  nonce: string
}

/** A vote that a member has signed, and anybody may submit. */
export type SignedBallot = SignedDocument<'colophon-ballot', BallotStruct>

export const ballotDocument: DocumentKind<'colophon-ballot', BallotStruct> = defineDocument(
  'colophon-ballot',
  'AllianceGovernor',
  defineStruct<BallotStruct>('Ballot', { proposalId: 'uint256', support: 'uint8', voter: 'address', nonce: 'uint256' }),
)

/** The governor's number for a vote. @throws INVALID_INPUT */
export function supportNumber(support: Support): number {
  const number = SUPPORT.indexOf(support)
  if (number === -1) throw invalidInput('support', support, 'for, against or abstain')
  return number
}

/**
 * Reads a ballot from JSON text or an object.
 * @throws INVALID_SIGNED naming the field
 */
export function parseBallot(input: string | object): SignedBallot {
  return ballotDocument.parse(input)
}
