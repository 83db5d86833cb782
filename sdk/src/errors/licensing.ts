import type { ContractErrorEntry } from './entry.ts'

/** Custom errors of CopyrightTitle, LicenseToken. */
export const licensingErrors: Readonly<Record<string, ContractErrorEntry>> = {
  CopyrightTitle_NotClaimant: {
    code: 'NOT_CLAIMANT',
    message: ({ caller, workId }) => `${caller} is not the claimant of the deposit ${workId}.`,
    hint: 'Use the account that deposited the work, and check id and chain.',
  },
  CopyrightTitle_NotRightsHolder: {
    code: 'NOT_RIGHTS_HOLDER',
    message: ({ caller, workId }) => `${caller} does not hold the rights in the work ${workId}.`,
    hint: "Use the account of the title's owner, or of the claimant if there is no title.",
  },
  CopyrightTitle_RoyaltyTooHigh: {
    code: 'ROYALTY_TOO_HIGH',
    message: ({ royaltyBps, most }) => `A royalty of ${royaltyBps} basis points is above the ${most} that are allowed.`,
    hint: 'Give a lower royalty; it can only be lowered later.',
  },
  CopyrightTitle_WorkUnknown: {
    code: 'DEPOSIT_NOT_FOUND',
    message: ({ workId }) => `There is no deposit with the id ${workId}.`,
    hint: 'Check the id and the chain.',
  },
  CopyrightTitle_WorkRefuted: refuted(),
  CopyrightTitle_TitleFrozen: {
    code: 'TITLE_FROZEN',
    message: ({ workId, until }) => `The title ${workId} cannot be transferred before second ${until}.`,
    hint: 'Wait until then; a claim about the work is open.',
  },
  CopyrightTitle_FreezeTooLong: {
    code: 'FREEZE_TOO_LONG',
    message: ({ until, latest }) => `A freeze until second ${until} is longer than allowed, which is second ${latest}.`,
    hint: 'Freeze for a year at most, and again if need be.',
  },
  CopyrightTitle_AlreadyConnected: connected(),
  CopyrightTitle_ModuleZero: moduleZero(),
  LicenseToken_NotSeller: {
    code: 'NOT_SELLER',
    message: ({ caller, seller }) => `The offer is ${seller}'s, not ${caller}'s.`,
    hint: 'Send it from the account that the offer names as its seller.',
  },
  LicenseToken_OfferExists: {
    code: 'OFFER_EXISTS',
    message: ({ offerId }) => `The offer ${offerId} was opened, cancelled or sold under before.`,
    hint: 'Change the offer by one second of its closing time to make another of it.',
  },
  LicenseToken_RightsEmpty: {
    code: 'OFFER_INVALID',
    message: () => 'The offer grants no act.',
    hint: 'Set one of the bits 0 to 5 of rights: reproduce, distribute, display, perform, adapt, train AI.',
  },
  LicenseToken_TerritoriesEmpty: {
    code: 'OFFER_INVALID',
    message: () => 'The offer covers no territory.',
    hint: 'Set at least one of the 16 bits of territories; all of them for the whole world.',
  },
  LicenseToken_ChannelsEmpty: {
    code: 'OFFER_INVALID',
    message: () => 'The offer covers no channel.',
    hint: 'Set at least one of the 16 bits of channels.',
  },
  LicenseToken_DurationTooLong: {
    code: 'OFFER_INVALID',
    message: ({ duration }) => `A license of ${duration} seconds would end later than can be stored.`,
    hint: 'Give a shorter duration, or zero for a license without end.',
  },
  LicenseToken_BpsTooHigh: {
    code: 'OFFER_INVALID',
    message: ({ bps }) => `A share of ${bps} basis points is more than the whole.`,
    hint: 'Give 10,000 at most; 100 are one per cent.',
  },
  LicenseToken_DerivativeWithoutAdapt: {
    code: 'OFFER_INVALID',
    message: () => 'The offer has a derivative share but no right to adapt.',
    hint: 'Grant the right to adapt, or set the derivative share to zero.',
  },
  LicenseToken_OfferClosed: {
    code: 'OFFER_DEAD',
    message: ({ closedAt, timestamp }) => `The offer closed at second ${closedAt}; it is second ${timestamp}.`,
    hint: 'Ask the seller for a new offer.',
  },
  LicenseToken_OfferCancelled: {
    code: 'OFFER_DEAD',
    message: ({ offerId }) => `The offer ${offerId} was cancelled.`,
    hint: 'Ask the seller for a new offer.',
  },
  LicenseToken_OfferSoldOut: {
    code: 'OFFER_DEAD',
    message: ({ offerId, supply }) => `All ${supply} licenses of the offer ${offerId} are sold.`,
    hint: 'Ask the seller for a new offer.',
  },
  LicenseToken_SellerNotHolder: {
    code: 'OFFER_DEAD',
    message: ({ workId, seller, holder }) => `The rights in the work ${workId} are ${holder}'s, not ${seller}'s.`,
    hint: 'Ask the rights holder for an offer.',
  },
  LicenseToken_EpochOver: {
    code: 'OFFER_DEAD',
    message: ({ workId, offered, current }) => `The offer is of epoch ${offered} of the work ${workId}, which is now in epoch ${current}.`,
    hint: 'The title changed hands or the offers were withdrawn. Ask the rights holder for a new offer.',
  },
  LicenseToken_WorkRefuted: refuted(),
  LicenseToken_SignatureInvalid: {
    code: 'SIGNATURE_INVALID',
    message: ({ seller }) => `The signature is not ${seller}'s, or is over something else.`,
    hint: 'Offer, chain and contract must be exactly those that were signed, and the seller the one who signed.',
  },
  LicenseToken_CommissionTooHigh: {
    code: 'COMMISSION_INVALID',
    message: ({ commissionPpm, most }) => `A commission of ${commissionPpm} parts per million is above the ${most} that the offer allows.`,
    hint: "Ask for the offer's cap at most.",
  },
  LicenseToken_PlatformNotNamed: {
    code: 'COMMISSION_INVALID',
    message: ({ platform, named }) => `The commission would go to ${platform}; the offer names ${named}.`,
    hint: 'Name the platform of the offer, any if the offer names none, or take no commission.',
  },
  LicenseToken_ValueWrong: {
    code: 'PAYMENT_WRONG',
    message: ({ sent, wanted }) => `${sent} of the chain's smallest unit were sent; ${wanted} are wanted.`,
    hint: 'Send exactly the price for a price in coins, and nothing for one in tokens.',
  },
  LicenseToken_Overlap: {
    code: 'LICENSE_OVERLAP',
    message: ({ workId, territory, act, until }) =>
      `A license of the work ${workId} stands in the way, for act ${act} in territory ${territory} until second ${until}.`,
    hint: 'Wait until it ends, or leave that act or territory out.',
  },
  LicenseToken_NotOfOffer: {
    code: 'NOT_RENEWABLE',
    message: ({ licenseId, offerId }) => `The license ${licenseId} was not sold under the offer ${offerId}.`,
    hint: 'Renew it with the very offer under which it was sold.',
  },
  LicenseToken_NotRenewable: {
    code: 'NOT_RENEWABLE',
    message: ({ licenseId }) => `The license ${licenseId} has no end, or its offer allows no renewal.`,
    hint: 'Ask the rights holder for a new offer.',
  },
  LicenseToken_NotOwner: {
    code: 'NOT_LICENSE_OWNER',
    message: ({ licenseId, caller }) => `${caller} does not own the license ${licenseId}.`,
    hint: 'Use the account that owns it.',
  },
  LicenseToken_NotInForce: {
    code: 'LICENSE_NOT_IN_FORCE',
    message: ({ licenseId }) => `The license ${licenseId} has expired, was ended or is suspended.`,
    hint: 'Renew it, or pay what its agreement demands.',
  },
  LicenseToken_AdaptNotGranted: {
    code: 'ADAPT_NOT_GRANTED',
    message: ({ licenseId }) => `The license ${licenseId} does not allow adapting the work.`,
    hint: 'Acquire a license with the right to adapt.',
  },
  LicenseToken_ChildNotHeld: {
    code: 'NOT_RIGHTS_HOLDER',
    message: ({ caller, childWorkId }) => `${caller} does not hold the rights in the derived work ${childWorkId}.`,
    hint: 'Deposit the derived work with the same account first.',
  },
  LicenseToken_NotTransferable: {
    code: 'LICENSE_NOT_TRANSFERABLE',
    message: ({ licenseId }) => `The license ${licenseId} may not change hands.`,
    hint: 'Whoever wants it acquires one of his own.',
  },
  LicenseToken_OnlyByExchange: {
    code: 'LICENSE_NOT_TRANSFERABLE',
    message: ({ licenseId }) => `The license ${licenseId} has a resale fee, so only the exchange may move it.`,
    hint: 'Sell it on the exchange.',
  },
  LicenseToken_NotAgreements: {
    code: 'NOT_AUTHORIZED',
    message: ({ caller }) => `${caller} is not the contract of license agreements.`,
    hint: 'Go through LicenseAgreements.',
  },
  LicenseToken_AgreementIssued: {
    code: 'AGREEMENT_ISSUED',
    message: ({ agreementId }) => `The agreement ${agreementId} has issued its license.`,
    hint: 'Nothing has to be done.',
  },
  LicenseToken_AgreementsFull: {
    code: 'AGREEMENTS_FULL',
    message: ({ workId, most }) => `${most} simple licenses under agreements are in force for the work ${workId}.`,
    hint: 'Wait until one expires or ends, or sell by an offer.',
  },
  LicenseToken_NotUnderAgreement: {
    code: 'LICENSE_NOT_FOUND',
    message: ({ licenseId }) => `There is no license ${licenseId} under an agreement.`,
    hint: 'Check the id. Licenses that were sold cannot be ended.',
  },
  LicenseToken_NotDeployer: {
    code: 'NOT_AUTHORIZED',
    message: ({ caller }) => `${caller} did not deploy the contract.`,
    hint: 'Use the account that deployed it.',
  },
  LicenseToken_AlreadyConnected: connected(),
  LicenseToken_ModuleZero: moduleZero(),
}

function refuted(): ContractErrorEntry {
  return {
    code: 'WORK_REFUTED',
    message: ({ workId }) => `A ruling refuted the deposit ${workId}.`,
    hint: 'There can be no title, new license or renewal of it; see the claim for the ruling.',
  }
}

function connected(): ContractErrorEntry {
  return {
    code: 'ALREADY_CONNECTED',
    message: () => 'The contract was connected before, and that is final.',
    hint: 'Deploy it anew to connect it otherwise.',
  }
}

function moduleZero(): ContractErrorEntry {
  return {
    code: 'INVALID_ADDRESS',
    message: () => 'The zero address stands for no contract.',
    hint: 'Give the address of the deployed contract.',
  }
}
