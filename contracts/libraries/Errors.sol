// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @title Errors
/// @notice Every custom error of the system, named after the contract and the fact that does not hold, with the values that show it.
library Errors {
    /* REGISTRY */

    /// @notice There is a record with this id already: the same claimant deposited the same work before.
    error CopyrightRegistry_DepositExists(bytes32 id);

    /// @notice The work has no content hash. SHA-256 never gives zero, so the field was forgotten.
    error CopyrightRegistry_ContentHashZero();

    /// @notice The signature's deadline has passed.
    error CopyrightRegistry_SignatureExpired(uint256 deadline, uint256 timestamp);

    /// @notice The signature is not the claimant's, or not over this request on this chain and contract.
    error CopyrightRegistry_SignatureInvalid(address claimant, bytes32 digest);

    /// @notice The list is empty; there is nothing to record.
    error CopyrightRegistry_BatchEmpty();

    /// @notice A commitment, or the root of an anchor, is zero.
    error CopyrightRegistry_CommitmentZero();

    /// @notice The claimant sealed this commitment before; the earlier time stands.
    error CopyrightRegistry_SealExists(address claimant, bytes32 commitment, uint256 sealedAt);

    /// @notice The caller has sealed no such commitment: another claimant, another salt or another work.
    error CopyrightRegistry_SealMissing(address claimant, bytes32 commitment);

    /// @notice An anchor must stand for at least one work.
    error CopyrightRegistry_CountZero();

    /// @notice Nobody has anchored this root.
    error CopyrightRegistry_AnchorMissing(bytes32 root);

    /// @notice The proof does not lead from the claimant's work to the root.
    error CopyrightRegistry_ProofInvalid(bytes32 root, bytes32 id);

    /* REVENUE */

    /// @notice The caller does not hold the rights in the work.
    error RevenueSplitter_NotRightsHolder(uint256 workId, address holder, address caller);

    /// @notice Nobody holds the rights in the work: there is no such work, or its rights have ended.
    error RevenueSplitter_RightsHolderMissing(uint256 workId);

    /// @notice Only the contract that knows the rights holders may do this.
    error RevenueSplitter_NotRightsContract(address caller);

    /// @notice A split has 1 to 32 payees.
    error RevenueSplitter_PayeeCountInvalid(uint256 count);

    /// @notice A payee is the zero address or the splitter itself, or its share is zero.
    error RevenueSplitter_PayeeInvalid(uint256 index, address account, uint256 share);

    /// @notice Payees must stand by rising account, none twice.
    error RevenueSplitter_PayeesUnsorted(uint256 index);

    /// @notice The shares of a split must add up to 1,000,000.
    error RevenueSplitter_SharesInvalid(uint256 sum);

    /// @notice The payees given are not those of the split in force.
    error RevenueSplitter_SplitMismatch(uint256 workId, bytes32 inForce, bytes32 given);

    /// @notice The splitter does not take this currency.
    error RevenueSplitter_CurrencyNotAllowed(address currency);

    /// @notice The coins sent along are not the amount; with tokens none may be sent.
    error RevenueSplitter_ValueMismatch(uint256 sent, uint256 expected);

    /// @notice An amount is zero or above 2^128 - 1.
    error RevenueSplitter_AmountInvalid(uint256 amount);

    /// @notice Less arrived than had to be paid: the token takes a fee, or did not move what it said.
    error RevenueSplitter_Underpaid(address currency, uint256 amount, uint256 received);

    /// @notice The splitter has less of the token than it owes: balances have shrunk.
    error RevenueSplitter_Shortfall(address currency, uint256 balance, uint256 owed);

    /// @notice The token took more from the splitter than was sent.
    error RevenueSplitter_Overcharged(address currency, uint256 balance, uint256 expected);

    /// @notice The recipient, or the token on his account, refused the transfer.
    error RevenueSplitter_TransferFailed(address currency, address to, uint256 amount);

    /// @notice Only a module may pull another's tokens.
    error RevenueSplitter_NotModule(address caller);

    /// @notice Commission and ancestors' shares together exceed the whole.
    error RevenueSplitter_CommissionTooHigh(uint256 commission, uint256 most);

    /// @notice Money cannot go to the zero address or to the splitter itself.
    error RevenueSplitter_AccountInvalid(address account);

    /// @notice There is no payee at this place in the list.
    error RevenueSplitter_IndexInvalid(uint256 index, uint256 count);

    /// @notice The caller is not the payee.
    error RevenueSplitter_NotPayee(address payee, address caller);

    /// @notice There is nothing to be had, not one unit. If there should be, the list of payees or the currency is another.
    error RevenueSplitter_NothingDue(address account, address currency);

    /// @notice The share exceeds 1,000,000 parts per million.
    error RevenueSplitter_ShareInvalid(uint256 share);

    /// @notice A derivative needs 1 to 32 parents by rising id, not itself, and one lineage for each.
    error RevenueSplitter_ParentsInvalid(uint256 index);

    /// @notice The grantor has not agreed to this derivative for this share.
    error RevenueSplitter_GrantMissing(uint256 parent, uint256 child, address grantor);

    /// @notice The grantor is neither a module nor the parent's rights holder.
    error RevenueSplitter_GrantorInvalid(uint256 parent, address grantor);

    /// @notice The lineage given is not the one with which the parent was registered.
    error RevenueSplitter_LineageMismatch(uint256 parent, bytes32 registered, bytes32 given);

    /// @notice A work may have 32 ancestors with a share.
    error RevenueSplitter_LineageTooLong(uint256 count);

    /// @notice The ancestors' shares exceed the whole.
    error RevenueSplitter_LineageSharesTooHigh(uint256 total);

    /// @notice The work is registered as a derivative; its lineage cannot change.
    error RevenueSplitter_DerivativeExists(uint256 child);

    /// @notice Derivatives of the work are registered, so it cannot become one itself.
    error RevenueSplitter_DerivativesExist(uint256 child);

    /// @notice The work is no ancestor with a share of the child.
    error RevenueSplitter_NotAncestor(uint256 child, uint256 ancestor);

    /// @notice A currency must be a contract.
    error RevenueSplitter_CurrencyInvalid(address currency);

    /// @notice The modules are named once and for ever.
    error RevenueSplitter_ModulesSet();

    /// @notice A module is zero or the list has none.
    error RevenueSplitter_ModuleInvalid(uint256 index);
}
