import type { Link } from './trail.ts'

const OUTCOMES = [
  'none',
  'nobody answered in time',
  'retracted',
  'lapsed',
  'dismissed: the claimant does not hold the rights',
  'settled',
  'upheld',
  'upheld, and the copy’s deposit refuted',
  'rejected',
  'undecided',
  'no ruling in time',
]

const SENTENCES: Readonly<Record<string, (facts: Record<string, string>) => string>> = {
  Deposited: ({ claimant }) => `Deposited by ${claimant}`,
  TitleMinted: ({ claimant }) => `Title minted to ${claimant}`,
  Transfer: ({ from, to, tokenId }) =>
    BigInt(from ?? 0) === 0n ? `Token ${tokenId === undefined ? '' : 'issued '}to ${to}` : `Passed from ${from} to ${to}`,
  RoyaltyLowered: ({ royaltyBps }) => `Royalty lowered to ${Number(royaltyBps) / 100} %`,
  Frozen: ({ until }) => (until === '0' ? 'Title free again' : `Title frozen until ${moment(until)}`),
  Refuted: () => 'Deposit refuted by a ruling',
  OfferOpened: ({ seller, price }) => `License offered by ${seller} for ${price}`,
  OfferCancelled: ({ seller }) => `Offer cancelled by ${seller}`,
  LicenseAcquired: ({ licenseId, buyer }) => `License ${tag(licenseId)} sold to ${buyer}`,
  LicenseIssued: ({ licenseId }) => `License ${tag(licenseId)} issued under an agreement`,
  LicenseRenewed: ({ licenseId, until }) => `License ${tag(licenseId)} renewed until ${moment(until)}`,
  LicenseEnded: ({ licenseId }) => `License ${tag(licenseId)} ended`,
  DerivativeAuthorized: ({ childWorkId }) => `Derivative ${hex(childWorkId)} authorised`,
  Activated: ({ licenseId }) => `Agreement in force, license ${tag(licenseId)}`,
  SplitSet: ({ payees }) => `Revenue split among ${payees?.match(/0x[0-9a-fA-F]{40}/g)?.length ?? 0} payees`,
  SplitReset: () => 'Revenue goes to the rights holder alone',
  // An agreement's event names no currency; the splitter's of the same transaction does.
  Paid: ({ payer, amount, currency }) => `${payer} paid ${amount}${currency === undefined ? ' under the agreement' : unitsOf(currency)}`,
  PaidDirect: ({ payer, amount, currency }) => `${payer} paid the payees ${amount}${unitsOf(currency)}`,
  Claimed: ({ payee, due, currency }) => `${payee} took ${due}${unitsOf(currency)} of the revenue`,
  Swept: ({ child, currency }) => `Share in derivative ${hex(child)} came in${unitsOf(currency)}`,
  DepositReturned: ({ toWork, toLicensee }) => `Deposit given back: ${toWork} to the work, ${toLicensee} to the licensee`,
  UsageReported: ({ period, units }) => `${units} units reported for period ${period}`,
  Terminated: ({ by }) => `Agreement terminated by ${by}`,
  ClaimFiled: ({ claimant, respondent, suspectId }) =>
    `Claim by ${claimant} against ${suspectId !== '0' ? `deposit ${hex(suspectId)}` : BigInt(respondent ?? 0) === 0n ? 'somebody unknown' : respondent}`,
  ClaimAnswered: ({ respondent }) => `Answered by ${respondent}`,
  LicenseShown: ({ licenseId }) => `License ${tag(licenseId)} shown in defence`,
  EarlierDepositShown: ({ earlierId }) => `Earlier deposit ${hex(earlierId)} shown in defence`,
  DepositsCompared: ({ claimedAt, suspectAt }) => `Deposits compared: ${moment(claimedAt)} and ${moment(suspectAt)}`,
  FreezeStarted: ({ until }) => `Title of the suspect frozen until ${moment(until)}`,
  FreezeLifted: () => 'Freeze lifted',
  ClaimSettled: ({ respondent, amount }) => `Settled with ${respondent} for ${amount}`,
  Evidence: ({ party }) => `Evidence by ${party}`,
  Dispute: ({ arbitrator, disputeId }) => `Dispute ${disputeId} before ${arbitrator}`,
  Ruling: ({ arbitrator, ruling }) =>
    `Ruling ${['0, undecided', '1, for the claimant', '2, for the respondent', '3, for the claimant; refute'][Number(ruling)] ?? ruling} by ${arbitrator}`,
  ClaimAppealed: ({ by }) => `Appealed by ${by}`,
  ClaimClosed: ({ outcome }) => `Closed: ${OUTCOMES[Number(outcome)] ?? outcome}`,
}

/** One sentence of what an event means. */
export function sentenceOf({ event, facts }: Pick<Link, 'event' | 'facts'>): string {
  return SENTENCES[event]?.(facts) ?? event
}

/** Amounts are in the smallest units: what they are called is not on the chain for the native coin. */
function unitsOf(currency = ''): string {
  return /^0x0{40}$/.test(currency) ? ' wei' : ` units of ${currency}`
}

function hex(value = '0'): string {
  return `0x${BigInt(value).toString(16).padStart(64, '0')}`
}

/** Beginning and end of an id; the facts have it whole. */
function tag(value = '0'): string {
  const id = hex(value)
  return BigInt(value) < 2n ** 53n ? value : `${id.slice(0, 10)}…${id.slice(-6)}`
}

function moment(seconds = '0'): string {
  const value = Number(seconds)
  return value > 8.64e12 ? 'for ever' : `${new Date(value * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}
