import type { ContractErrorEntry } from './entry.ts'

/** Custom errors of the revenue splitter. */
export const revenueErrors: Readonly<Record<string, ContractErrorEntry>> = {
  RevenueSplitter_NotRightsHolder: {
    code: 'REVENUE_NOT_RIGHTS_HOLDER',
    message: ({ workId, holder, caller }) => `${caller} does not hold the rights in the work ${workId}; ${holder} does.`,
    hint: 'Use the account that owns the work’s title, or that deposited it if it has none.',
  },
  RevenueSplitter_RightsHolderMissing: {
    code: 'REVENUE_RIGHTS_HOLDER_MISSING',
    message: ({ workId }) => `Nobody holds the rights in the work ${workId}.`,
    hint: 'Check the id and the chain: a work must be deposited before it can earn.',
  },
  RevenueSplitter_NotRightsContract: {
    code: 'REVENUE_NOT_RIGHTS_CONTRACT',
    message: ({ caller }) => `${caller} is not the contract of titles, which alone ends a split.`,
    hint: 'Set a new split with the rights holder’s account.',
  },
  RevenueSplitter_PayeeCountInvalid: {
    code: 'INVALID_SPLIT',
    message: ({ count }) => `A split has 1 to 32 payees, not ${count}.`,
    hint: 'Join payees behind one account, for instance another splitter’s.',
  },
  RevenueSplitter_PayeeInvalid: {
    code: 'INVALID_SPLIT',
    message: ({ index, account, share }) => `Payee ${index} cannot be paid: ${account} with ${share} parts per million.`,
    hint: 'No payee may be the zero address or the splitter; shares are 1 to 1,000,000.',
  },
  RevenueSplitter_PayeesUnsorted: {
    code: 'INVALID_SPLIT',
    message: ({ index }) => `Payee ${index} stands out of order, or twice.`,
    hint: 'Sort the payees by account and join the shares of one account.',
  },
  RevenueSplitter_SharesInvalid: {
    code: 'INVALID_SPLIT',
    message: ({ sum }) => `The shares add up to ${sum}, not to 1,000,000.`,
    hint: 'Shares are parts per million; give what rounding leaves to one of the payees.',
  },
  RevenueSplitter_SplitMismatch: {
    code: 'SPLIT_CHANGED',
    message: ({ workId }) => `The payees given are not those of the split in force of the work ${workId}.`,
    hint: 'Read the split again: it was changed.',
  },
  RevenueSplitter_CurrencyNotAllowed: {
    code: 'CURRENCY_NOT_ALLOWED',
    message: ({ currency }) => `The token ${currency} is not taken.`,
    hint: 'Pay in the chain’s coin or in a listed token.',
  },
  RevenueSplitter_ValueMismatch: {
    code: 'VALUE_MISMATCH',
    message: ({ sent, expected }) => `${sent} wei were sent along where ${expected} were due.`,
    hint: 'Send exactly the amount in coins, and no coins with tokens.',
  },
  RevenueSplitter_AmountInvalid: {
    code: 'INVALID_AMOUNT',
    message: ({ amount }) => `The amount ${amount} is not 1 to 2^128 - 1.`,
    hint: 'Give the amount in the currency’s smallest unit.',
  },
  RevenueSplitter_Underpaid: {
    code: 'UNDERPAID',
    message: ({ amount, received }) => `Only ${received} of ${amount} arrived.`,
    hint: 'The token takes a fee on transfers; pay in another currency.',
  },
  RevenueSplitter_Shortfall: {
    code: 'CURRENCY_SHORT',
    message: ({ currency, balance, owed }) => `The splitter has ${balance} units of ${currency} and owes ${owed}.`,
    hint: 'The token’s balances have shrunk. Wait until it is made good, or take your proportion with claimTo or withdrawTo.',
  },
  RevenueSplitter_Overcharged: {
    code: 'CURRENCY_OVERCHARGED',
    message: ({ currency }) => `The token ${currency} took more than was sent.`,
    hint: 'The token charges the sender, which others would pay for. It has to stop before it can be paid out.',
  },
  RevenueSplitter_TransferFailed: {
    code: 'TRANSFER_REFUSED',
    message: ({ to, amount }) => `${to} or the token refused ${amount} units.`,
    hint: 'Let the payee claim to another address with claimTo or withdrawTo.',
  },
  RevenueSplitter_NotModule: {
    code: 'NOT_MODULE',
    message: ({ caller }) => `${caller} may not pull another’s tokens.`,
    hint: 'Pay from the account itself, or through a contract of Colophon.',
  },
  RevenueSplitter_CommissionTooHigh: {
    code: 'COMMISSION_TOO_HIGH',
    message: ({ commission, most }) => `A commission of ${commission} parts per million leaves too little; ${most} is the most.`,
    hint: 'Lower the commission: ancestors’ shares come first.',
  },
  RevenueSplitter_AccountInvalid: {
    code: 'INVALID_ACCOUNT',
    message: ({ account }) => `Money cannot go to ${account}.`,
    hint: 'Name an account other than zero and the splitter.',
  },
  RevenueSplitter_IndexInvalid: {
    code: 'INVALID_INDEX',
    message: ({ index, count }) => `There is no payee ${index} in a list of ${count}.`,
    hint: 'Places count from 0.',
  },
  RevenueSplitter_NotPayee: {
    code: 'NOT_PAYEE',
    message: ({ payee, caller }) => `${caller} is not the payee ${payee}.`,
    hint: 'Use the payee’s own account, or claim, which sends to the payee.',
  },
  RevenueSplitter_NothingDue: {
    code: 'NOTHING_DUE',
    message: ({ account }) => `There is not one unit due for ${account}.`,
    hint: 'If there should be, give the payees of the split under which it came in, and the right currency.',
  },
  RevenueSplitter_ShareInvalid: {
    code: 'INVALID_SHARE',
    message: ({ share }) => `${share} parts per million are more than the whole.`,
    hint: 'Shares are 0 to 1,000,000.',
  },
  RevenueSplitter_ParentsInvalid: {
    code: 'INVALID_PARENTS',
    message: ({ index }) => `The list of parents is wrong at ${index}.`,
    hint: 'Give 1 to 32 parents by rising id, each once, none the work itself, with one lineage each.',
  },
  RevenueSplitter_GrantMissing: {
    code: 'GRANT_MISSING',
    message: ({ parent, child, grantor }) => `${grantor} has not agreed that ${child} be a derivative of ${parent} for this share.`,
    hint: 'Ask the grantor for grantDerivative with the very share, or buy a license.',
  },
  RevenueSplitter_GrantorInvalid: {
    code: 'GRANTOR_INVALID',
    message: ({ parent, grantor }) => `${grantor} cannot agree for the work ${parent}.`,
    hint: 'Name the parent’s rights holder of today, or the contract that sold the license.',
  },
  RevenueSplitter_LineageMismatch: {
    code: 'LINEAGE_MISMATCH',
    message: ({ parent }) => `The lineage given for ${parent} is not the registered one.`,
    hint: 'Take it from the parent’s DerivativeRegistered event; it is empty for a work that is no derivative.',
  },
  RevenueSplitter_LineageTooLong: {
    code: 'LINEAGE_TOO_LONG',
    message: ({ count }) => `${count} ancestors are more than 32.`,
    hint: 'Derive from fewer parents, or from nearer ones.',
  },
  RevenueSplitter_LineageSharesTooHigh: {
    code: 'LINEAGE_TOO_DEAR',
    message: ({ total }) => `The ancestors would be owed ${total} parts per million together.`,
    hint: 'Agree on lower shares; the whole is 1,000,000.',
  },
  RevenueSplitter_DerivativeExists: {
    code: 'DERIVATIVE_EXISTS',
    message: ({ child }) => `The work ${child} is registered as a derivative already.`,
    hint: 'Its lineage stands and cannot change.',
  },
  RevenueSplitter_DerivativesExist: {
    code: 'DERIVATIVES_EXIST',
    message: ({ child }) => `The work ${child} has derivatives, so it cannot become one.`,
    hint: 'Register a work before others are derived from it.',
  },
  RevenueSplitter_NotAncestor: {
    code: 'NOT_ANCESTOR',
    message: ({ child, ancestor }) => `${ancestor} is no ancestor of ${child} with a share.`,
    hint: 'Look at the lineage in the work’s DerivativeRegistered event.',
  },
  RevenueSplitter_CurrencyInvalid: {
    code: 'INVALID_CURRENCY',
    message: ({ currency }) => `There is no contract at ${currency}.`,
    hint: 'Check address and chain of the token.',
  },
  RevenueSplitter_ModulesSet: {
    code: 'MODULES_SET',
    message: () => 'The modules are named already, for ever.',
    hint: 'Nothing can be done: deploy a new splitter for other modules.',
  },
  RevenueSplitter_ModuleInvalid: {
    code: 'INVALID_MODULE',
    message: ({ index }) => `Module ${index} is missing or zero.`,
    hint: 'Give the addresses of the contracts that collect payments.',
  },
}
