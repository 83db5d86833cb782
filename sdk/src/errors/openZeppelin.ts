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
