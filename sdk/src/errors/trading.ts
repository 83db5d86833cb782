import { decodeBytes32String } from 'ethers'
import type { ContractErrorEntry } from './entry.ts'

/** Custom errors of LicenseAgreements and RightsExchange. */
export const tradingErrors: Readonly<Record<string, ContractErrorEntry>> = {
  LicenseAgreements_TermsInvalid: {
    code: 'AGREEMENT_INVALID',
    message: ({ field }) => `The agreement contradicts itself in ${text(field)}.`,
    hint: 'Correct the field so that it fits the others: without periods nothing recurs, and the windows of a period fit into it.',
  },
  LicenseAgreements_GrantMismatch: {
    code: 'AGREEMENT_MISMATCH',
    message: ({ given, signed }) => `The grant's terms hash to ${given}, but the agreement names ${signed}.`,
    hint: 'Give the terms as they were signed.',
  },
  LicenseAgreements_NotNew: {
    code: 'AGREEMENT_EXISTS',
    message: ({ id }) => `The agreement ${id} was activated or withdrawn before.`,
    hint: 'Nothing has to be done; another agreement starts another second.',
  },
  LicenseAgreements_ActivationLate: {
    code: 'AGREEMENT_EXPIRED',
    message: ({ startsAt, timestamp }) => `The first period began at second ${startsAt}; it is ${timestamp} on the chain.`,
    hint: 'Sign an agreement that starts later.',
  },
  LicenseAgreements_SignatureInvalid: {
    code: 'SIGNATURE_INVALID',
    message: ({ signer }) => `The signature is not ${signer}'s, or is over something else.`,
    hint: 'Agreement, terms, chain and contract must be exactly those that were signed.',
  },
  LicenseAgreements_SignatureExpired: {
    code: 'SIGNATURE_EXPIRED',
    message: ({ deadline, timestamp }) => `The signature was good until second ${deadline}; it is ${timestamp} on the chain.`,
    hint: 'Ask the other side to sign again with a later deadline.',
  },
  LicenseAgreements_NotRunning: {
    code: 'AGREEMENT_NOT_RUNNING',
    message: ({ id }) => `The agreement ${id} is not in force: it was never activated, or is terminated.`,
    hint: 'Check the parameters against the Activated event; every field counts.',
  },
  LicenseAgreements_NotEntitled: {
    code: 'NOT_ENTITLED',
    message: ({ caller, id }) => `${caller} may not do this under the agreement ${id}.`,
    hint: 'Use the account of the licensee, or that of the rights holder.',
  },
  LicenseAgreements_NotBreached: {
    code: 'AGREEMENT_NOT_BREACHED',
    message: ({ breachAt }) => `The agreement is not breached before second ${breachAt}.`,
    hint: 'Wait until then, or end it by consent.',
  },
  LicenseAgreements_NotItsLicense: {
    code: 'AGREEMENT_MISMATCH',
    message: ({ id, licenseId }) => `The license ${licenseId} was not issued under the agreement ${id}.`,
    hint: "Take the license's id from the Activated event.",
  },
  LicenseAgreements_ValueWrong: {
    code: 'VALUE_WRONG',
    message: ({ sent, wanted }) => `${sent} wei were sent where ${wanted} are wanted.`,
    hint: 'Send the amount exactly, and no coins with tokens.',
  },
  LicenseAgreements_AmountInvalid: {
    code: 'AMOUNT_INVALID',
    message: ({ amount }) => `The amount ${amount} is zero, or more than the books can hold.`,
    hint: 'Give an amount from 1 to 2^96 - 1 of the smallest unit.',
  },
  LicenseAgreements_Overpaid: {
    code: 'AGREEMENT_OVERPAID',
    message: ({ amount, remaining }) => `${amount} are more than the ${remaining} that will ever be due.`,
    hint: 'Pay what remains.',
  },
  LicenseAgreements_NothingToReport: {
    code: 'REPORT_INVALID',
    message: ({ id }) => `Under the agreement ${id} usage is not reported.`,
    hint: 'Pay what is due; there is no price for a unit.',
  },
  LicenseAgreements_ReportOutOfTurn: {
    code: 'REPORT_INVALID',
    message: ({ period, reported }) => `Period ${period} cannot be reported; ${reported} are.`,
    hint: 'Report the next period, or correct the last.',
  },
  LicenseAgreements_PeriodNotOver: {
    code: 'REPORT_EARLY',
    message: ({ period, endsAt }) => `Period ${period} ends at second ${endsAt}.`,
    hint: 'Report it from then on.',
  },
  LicenseAgreements_CorrectionUnpaid: {
    code: 'CORRECTION_UNPAID',
    message: ({ owed }) => `The correction would leave ${owed} owed for too long.`,
    hint: 'Pay that first.',
  },
  LicenseAgreements_NoDepositDue: {
    code: 'NO_DEPOSIT_DUE',
    message: ({ id }) => `Under the agreement ${id} no deposit is to be given back now.`,
    hint: 'Wait until it is fulfilled or terminated.',
  },
  LicenseAgreements_NothingHeld: {
    code: 'NOTHING_HELD',
    message: ({ account, currency }) => `The contract of agreements holds nothing for ${account} in ${currency}.`,
    hint: 'Check account and currency; zero stands for coins.',
  },
  RightsExchange_PriceZero: {
    code: 'ORDER_INVALID',
    message: () => 'The price or the reserve is zero.',
    hint: 'Ask for at least one of the smallest unit.',
  },
  RightsExchange_OrderExpired: {
    code: 'ORDER_EXPIRED',
    message: ({ expiredAt, timestamp }) => `The order was good until second ${expiredAt}; it is ${timestamp} on the chain.`,
    hint: 'Ask the seller for a new order.',
  },
  RightsExchange_NotTheBuyer: {
    code: 'NOT_THE_BUYER',
    message: ({ buyer, caller }) => `The order is for ${buyer}, not for ${caller}.`,
    hint: 'Fill it from that account.',
  },
  RightsExchange_NonceUsed: {
    code: 'ORDER_USED',
    message: ({ seller, nonce }) => `An order or auction of ${seller}'s with nonce ${nonce} was filled, opened or cancelled.`,
    hint: 'Ask the seller for a new order with another nonce.',
  },
  RightsExchange_SignatureInvalid: {
    code: 'SIGNATURE_INVALID',
    message: ({ seller }) => `The signature is not ${seller}'s, or is over something else.`,
    hint: 'Every field, the chain and the contract must be exactly those that were signed.',
  },
  RightsExchange_ValueWrong: {
    code: 'VALUE_WRONG',
    message: ({ sent, wanted }) => `${sent} wei were sent where ${wanted} are wanted.`,
    hint: 'Send the amount exactly, and no coins with tokens.',
  },
  RightsExchange_Worthless: {
    code: 'TOKEN_WORTHLESS',
    message: ({ isLicense, tokenId }) =>
      isLicense ? `The license ${tokenId} is not in force.` : `The deposit of the title ${tokenId} was refuted.`,
    hint: 'Do not buy it; the seller may explain.',
  },
  RightsExchange_AuctionInvalid: {
    code: 'AUCTION_INVALID',
    message: ({ field }) => `The auction’s ${text(field)} is out of range.`,
    hint: 'Correct the field; the ranges are in the reference of Auction.',
  },
  RightsExchange_NotSeller: {
    code: 'NOT_SELLER',
    message: ({ caller, seller }) => `The sale is ${seller}'s, not ${caller}'s.`,
    hint: "Send it from the seller's account.",
  },
  RightsExchange_SellerBids: {
    code: 'SELLER_BIDS',
    message: ({ seller }) => `${seller} sells this and may not bid.`,
    hint: 'Close the auction if nobody has bid.',
  },
  RightsExchange_AuctionNotOpen: {
    code: 'AUCTION_NOT_OPEN',
    message: ({ id }) => `The auction ${id} is not open for this: it was opened before, or closed, settled, or never opened.`,
    hint: 'Look at auctionOf.',
  },
  RightsExchange_AuctionNotStarted: {
    code: 'AUCTION_NOT_STARTED',
    message: ({ startsAt }) => `Bidding begins at second ${startsAt}.`,
    hint: 'Bid from then on.',
  },
  RightsExchange_AuctionOver: {
    code: 'AUCTION_OVER',
    message: ({ endedAt }) => `Bidding ended at second ${endedAt}.`,
    hint: 'Settle the auction; anybody may.',
  },
  RightsExchange_AuctionRunning: {
    code: 'AUCTION_RUNNING',
    message: ({ endsAt }) => `Bidding ends at second ${endsAt}, or later if somebody bids.`,
    hint: 'Settle it from then on.',
  },
  RightsExchange_HasBids: {
    code: 'AUCTION_HAS_BIDS',
    message: ({ id }) => `Somebody has bid in the auction ${id}.`,
    hint: 'Wait for its end and settle it.',
  },
  RightsExchange_BidOutOfRange: {
    code: 'BID_OUT_OF_RANGE',
    message: ({ bid, least }) => `A bid of ${bid} does not count; the least is ${least}.`,
    hint: 'Bid that or more, at most 2^96 - 1.',
  },
  RightsExchange_TitleFrozen: {
    code: 'TITLE_FROZEN',
    message: ({ workId, voidFrom }) => `The title ${workId} is frozen; the auction waits until second ${voidFrom} at most.`,
    hint: 'Settle it when the title is free, or from then on.',
  },
  RightsExchange_PaymentFailed: {
    code: 'PAYMENT_FAILED',
    message: ({ currency, voidFrom }) =>
      `The bid cannot be paid out in ${currency} now; the auction waits until second ${voidFrom} at most.`,
    hint: 'Settle it in a transaction of its own, and later if the currency is the cause.',
  },
  RightsExchange_GasTooLow: {
    code: 'GAS_TOO_LOW',
    message: ({ gasLeft, wanted }) => `${gasLeft} gas are left where ${wanted} are wanted.`,
    hint: 'Send the transaction with a higher gas limit.',
  },
  RightsExchange_NotKept: {
    code: 'NOT_KEPT',
    message: ({ caller, tokenId }) => `The exchange does not keep ${tokenId} for ${caller}.`,
    hint: 'Use the account that won or sold it.',
  },
  RightsExchange_NothingHeld: {
    code: 'NOTHING_HELD',
    message: ({ account, currency }) => `The exchange holds nothing for ${account} in ${currency}.`,
    hint: 'Check account and currency; zero stands for coins.',
  },
  RightsExchange_TransferFailed: {
    code: 'TRANSFER_FAILED',
    message: ({ to, amount }) => `${to} did not take ${amount} wei.`,
    hint: 'Withdraw to another address.',
  },
  RightsExchange_OnlySelf: {
    code: 'NOT_AUTHORIZED',
    message: ({ caller }) => `${caller} is not the exchange itself.`,
    hint: 'Call settle instead.',
  },
  Escrow_Shortfall: {
    code: 'ESCROW_SHORTFALL',
    message: ({ currency, arrived, wanted }) => `Of ${currency} only ${arrived} of ${wanted} are there.`,
    hint: 'Use a currency without fees whose balances do not shrink.',
  },
}

/** A field's name, which the contracts give as 32 bytes of ASCII; whatever else as it is. */
function text(field: unknown): string {
  try {
    return decodeBytes32String(String(field)) || 'one of its fields'
  } catch {
    return String(field)
  }
}
