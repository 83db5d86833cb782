import type { ContractErrorEntry } from './entry.ts'

/** Custom errors of the OpenZeppelin contracts beneath ours. */
export const openZeppelinErrors: Readonly<Record<string, ContractErrorEntry>> = {
  ERC721IncorrectOwner: {
    code: 'TOKEN_NOT_OWNED',
    message: ({ tokenId, sender, owner }) => `The token ${tokenId} is ${owner}'s, not ${sender}'s.`,
    hint: 'Name its owner as the sender.',
  },
  ERC721InsufficientApproval: {
    code: 'TOKEN_NOT_APPROVED',
    message: ({ operator, tokenId }) => `${operator} may not move the token ${tokenId}.`,
    hint: 'Let its owner send it, or approve this account first.',
  },
  ERC721InvalidApprover: {
    code: 'TOKEN_NOT_APPROVED',
    message: ({ approver }) => `${approver} may not approve anybody for this token.`,
    hint: 'Its owner may, or an operator of his.',
  },
  ERC721InvalidOperator: {
    code: 'TOKEN_NOT_APPROVED',
    message: ({ operator }) => `${operator} cannot be an operator.`,
    hint: 'Name an account.',
  },
  ERC721InvalidOwner: {
    code: 'INVALID_ADDRESS',
    message: ({ owner }) => `${owner} cannot own tokens.`,
    hint: 'Name an account.',
  },
  ERC721InvalidReceiver: {
    code: 'RECEIVER_REFUSED',
    message: ({ receiver }) => `${receiver} does not take such tokens.`,
    hint: 'Send it to an account, or to a contract that implements onERC721Received.',
  },
  ERC721InvalidSender: {
    code: 'TOKEN_EXISTS',
    message: () => 'The token was minted before.',
    hint: 'Nothing has to be done; ask ownerOf whose it is.',
  },
  ERC721NonexistentToken: {
    code: 'TOKEN_NOT_FOUND',
    message: ({ tokenId }) => `There is no token ${tokenId}.`,
    hint: 'Check the id and the chain.',
  },
  AccessManagedInvalidAuthority: {
    code: 'CONTRACT_REVERTED',
    message: ({ authority }) => `${authority} is no authority.`,
    hint: 'Name a deployed AccessManager.',
  },
  AccessManagedRequiredDelay: {
    code: 'DELAY_REQUIRED',
    message: ({ delay }) => `The caller must schedule this ${delay} seconds before.`,
    hint: 'Schedule the call with the AccessManager and execute it after the delay.',
  },
  AccessManagedUnauthorized: {
    code: 'NOT_AUTHORIZED',
    message: ({ caller }) => `${caller} has not the role that this takes.`,
    hint: 'Ask the alliance, whose governor grants roles.',
  },
  AccessManagerAlreadyScheduled: {
    code: 'OPERATION_SCHEDULED',
    message: ({ operationId }) => `The operation ${operationId} is scheduled already.`,
    hint: 'Execute it when its delay is over, or cancel it first.',
  },
  AccessManagerBadConfirmation: {
    code: 'INVALID_ADDRESS',
    message: () => 'A role can be renounced only by the account that has it, naming itself.',
    hint: 'Give the address of the sender as the confirmation.',
  },
  AccessManagerExpired: {
    code: 'OPERATION_EXPIRED',
    message: ({ operationId }) => `The operation ${operationId} was scheduled, but not executed in time.`,
    hint: 'Schedule it again, and execute it within a week after its delay.',
  },
  AccessManagerInvalidInitialAdmin: {
    code: 'INVALID_ADDRESS',
    message: ({ initialAdmin }) => `${initialAdmin} cannot be the first administrator.`,
    hint: 'Name an account.',
  },
  AccessManagerLockedFunction: {
    code: 'ROLE_LOCKED',
    message: ({ selector }) => `Whose role the function ${selector} takes cannot be changed.`,
    hint: "The authority's own functions keep the roles that they have.",
  },
  AccessManagerLockedRole: {
    code: 'ROLE_LOCKED',
    message: ({ roleId }) => `The role ${roleId} cannot be changed or given.`,
    hint: 'It is the administrator itself, or what everybody has. Choose another role.',
  },
  AccessManagerNotReady: {
    code: 'DELAY_REQUIRED',
    message: ({ operationId }) => `The delay of the operation ${operationId} is not over.`,
    hint: 'Execute it when getSchedule says so.',
  },
  AccessManagerNotScheduled: {
    code: 'OPERATION_NOT_SCHEDULED',
    message: ({ operationId }) => `The operation ${operationId} is not scheduled.`,
    hint: 'Schedule it first; target, data and sender must be exactly those that will be executed.',
  },
  AccessManagerUnauthorizedAccount: {
    code: 'NOT_AUTHORIZED',
    message: ({ msgsender, roleId }) => `${msgsender} has not the role ${roleId}, which this takes.`,
    hint: 'Ask the administrator of the authority, who grants roles.',
  },
  AccessManagerUnauthorizedCall: {
    code: 'NOT_AUTHORIZED',
    message: ({ caller, target, selector }) => `${caller} may not call the function ${selector} of ${target}.`,
    hint: 'Ask the administrator of the authority, who grants roles.',
  },
  AccessManagerUnauthorizedCancel: {
    code: 'NOT_AUTHORIZED',
    message: ({ msgsender, caller }) => `${msgsender} may not cancel what ${caller} scheduled.`,
    hint: 'Who scheduled it, an administrator, or a guardian of the role may.',
  },
  AccessManagerUnauthorizedConsume: {
    code: 'NOT_AUTHORIZED',
    message: ({ target }) => `${target} consumes no scheduled operation now.`,
    hint: 'Only a contract under the authority calls this, while it executes a scheduled operation.',
  },
  AddressEmptyCode: {
    code: 'CONTRACT_MISSING',
    message: ({ target }) => `There is no contract at ${target}.`,
    hint: 'Check the address and the chain.',
  },
  FailedCall: {
    code: 'CONTRACT_REVERTED',
    message: () => 'The contract that was called refused without a reason.',
    hint: 'Check the target and the data of the call.',
  },
  InsufficientBalance: {
    code: 'INSUFFICIENT_FUNDS',
    message: ({ balance, needed }) => `The contract has ${balance} wei and would have to send ${needed}.`,
    hint: 'Send the coins with the call.',
  },
  SafeCastOverflowedUintDowncast: {
    code: 'INVALID_AMOUNT',
    message: ({ bits, value }) => `${value} does not fit into ${bits} bits.`,
    hint: 'Give a smaller number.',
  },
  ReentrancyGuardReentrantCall: {
    code: 'CONTRACT_REVERTED',
    message: () => 'The contract was called again while it was sending money.',
    hint: 'Make the call in a transaction of its own.',
  },
  SafeERC20FailedOperation: {
    code: 'TOKEN_REFUSED',
    message: ({ token }) => `The token ${token} refused the transfer.`,
    hint: 'Approve the amount to the splitter, and check the balance and whether the token has blocked the account.',
  },
  InvalidShortString: {
    code: 'CONTRACT_REVERTED',
    message: () => 'The contract holds a malformed short string.',
    hint: 'This cannot happen in a contract of Colophon; check the address.',
  },
  StringTooLong: {
    code: 'CONTRACT_REVERTED',
    message: () => 'The contract was given a string that is too long.',
    hint: 'This cannot happen in a contract of Colophon; check the address.',
  },
}
