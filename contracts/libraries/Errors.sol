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

    /* TITLES */

    /// @notice The caller is not the claimant of this deposit, or there is no such deposit.
    error CopyrightTitle_NotClaimant(uint256 workId, address caller);

    /// @notice The caller does not hold the rights in this work.
    error CopyrightTitle_NotRightsHolder(uint256 workId, address caller);

    /// @notice The royalty is higher than allowed, or than it was.
    error CopyrightTitle_RoyaltyTooHigh(uint256 royaltyBps, uint256 most);

    /// @notice There is no deposit with this id.
    error CopyrightTitle_WorkUnknown(uint256 workId);

    /// @notice A ruling refuted the deposit.
    error CopyrightTitle_WorkRefuted(uint256 workId);

    /// @notice The title cannot be transferred yet.
    error CopyrightTitle_TitleFrozen(uint256 workId, uint256 until);

    /// @notice A freeze may not last that long.
    error CopyrightTitle_FreezeTooLong(uint256 until, uint256 latest);

    /// @notice The splitter was named; that is final.
    error CopyrightTitle_AlreadyConnected();

    /// @notice Zero stands for no contract.
    error CopyrightTitle_ModuleZero();

    /* LICENSES */

    /// @notice Only the offer's seller may do this.
    error LicenseToken_NotSeller(address seller, address caller);

    /// @notice The offer was opened, or a license sold under it, before.
    error LicenseToken_OfferExists(bytes32 offerId);

    /// @notice The offer grants no act: none of the rights' bits 0 to 5 is set.
    error LicenseToken_RightsEmpty();

    /// @notice The offer covers no territory.
    error LicenseToken_TerritoriesEmpty();

    /// @notice The offer covers no channel.
    error LicenseToken_ChannelsEmpty();

    /// @notice The license would end later than can be stored. Zero stands for a license without end.
    error LicenseToken_DurationTooLong(uint256 duration);

    /// @notice A share is above one, which is 10,000 basis points.
    error LicenseToken_BpsTooHigh(uint256 bps);

    /// @notice A derivative share needs the right to adapt.
    error LicenseToken_DerivativeWithoutAdapt();

    /// @notice The offer's closing second has passed.
    error LicenseToken_OfferClosed(uint256 closedAt, uint256 timestamp);

    /// @notice The offer was cancelled.
    error LicenseToken_OfferCancelled(bytes32 offerId);

    /// @notice As many licenses as the offer had were sold.
    error LicenseToken_OfferSoldOut(bytes32 offerId, uint256 supply);

    /// @notice The seller does not hold the rights in the work, or there is no such work.
    error LicenseToken_SellerNotHolder(uint256 workId, address seller, address holder);

    /// @notice The title changed hands, or its offers were withdrawn, since the offer was made.
    error LicenseToken_EpochOver(uint256 workId, uint256 offered, uint256 current);

    /// @notice A ruling refuted the deposit; no new license can be issued.
    error LicenseToken_WorkRefuted(uint256 workId);

    /// @notice The signature is not the seller's, or not over this offer on this chain and contract.
    error LicenseToken_SignatureInvalid(address seller, bytes32 digest);

    /// @notice The commission is above what the offer allows.
    error LicenseToken_CommissionTooHigh(uint256 commissionPpm, uint256 most);

    /// @notice The commission has no taker, or the offer names another platform.
    error LicenseToken_PlatformNotNamed(address platform, address named);

    /// @notice The coins sent are not the price, or coins were sent for a price in tokens.
    error LicenseToken_ValueWrong(uint256 sent, uint256 wanted);

    /// @notice A license in force shares an act with this one in this territory group, and one of the two is exclusive.
    /// @param act Number of the act, 0 to 5.
    /// @param until First second at which the act is free again there, as far as is known now.
    error LicenseToken_Overlap(uint256 workId, uint256 territory, uint256 act, uint256 until);

    /// @notice The license was not sold under this offer.
    error LicenseToken_NotOfOffer(uint256 licenseId, bytes32 offerId);

    /// @notice The license has no end, or its offer allows no renewal.
    error LicenseToken_NotRenewable(uint256 licenseId);

    /// @notice The caller does not own the license.
    error LicenseToken_NotOwner(uint256 licenseId, address caller);

    /// @notice The license has expired, was ended or is suspended.
    error LicenseToken_NotInForce(uint256 licenseId);

    /// @notice The license does not allow adapting the work.
    error LicenseToken_AdaptNotGranted(uint256 licenseId);

    /// @notice The caller does not hold the rights in the work that he calls derived.
    error LicenseToken_ChildNotHeld(uint256 childWorkId, address caller);

    /// @notice The license may not change hands.
    error LicenseToken_NotTransferable(uint256 licenseId);

    /// @notice The license has a resale fee, so only the exchange may move it.
    error LicenseToken_OnlyByExchange(uint256 licenseId, address caller);

    /// @notice Only the contract of license agreements may do this.
    error LicenseToken_NotAgreements(address caller);

    /// @notice The agreement has issued its license.
    error LicenseToken_AgreementIssued(bytes32 agreementId);

    /// @notice As many simple licenses under agreements are in force as the calendar of one work keeps apart.
    error LicenseToken_AgreementsFull(uint256 workId, uint256 most);

    /// @notice The license was not issued under an agreement, or there is no such license.
    error LicenseToken_NotUnderAgreement(uint256 licenseId);

    /// @notice Only who deployed the contract may connect it.
    error LicenseToken_NotDeployer(address caller);

    /// @notice The contract was connected; that is final.
    error LicenseToken_AlreadyConnected();

    /// @notice Zero stands for no contract.
    error LicenseToken_ModuleZero();

    /* AGREEMENTS */

    /// @notice The agreement's terms contradict each other.
    /// @param field Name of the field that does not fit the others, as ASCII.
    error LicenseAgreements_TermsInvalid(bytes32 field);

    /// @notice The terms of the grant are not those that were signed.
    error LicenseAgreements_GrantMismatch(bytes32 signed, bytes32 given);

    /// @notice The agreement has been activated, or withdrawn, before.
    error LicenseAgreements_NotNew(bytes32 id);

    /// @notice The first period has begun; an agreement is activated before.
    error LicenseAgreements_ActivationLate(uint256 startsAt, uint256 timestamp);

    /// @notice The signature is not this side's, or not over this on this chain and contract.
    error LicenseAgreements_SignatureInvalid(address signer, bytes32 digest);

    /// @notice The signature's deadline has passed.
    error LicenseAgreements_SignatureExpired(uint256 deadline, uint256 timestamp);

    /// @notice The agreement was never activated, or has been terminated.
    error LicenseAgreements_NotRunning(bytes32 id);

    /// @notice The caller is not who may do this.
    error LicenseAgreements_NotEntitled(bytes32 id, address caller);

    /// @notice The agreement is not breached, so it cannot be terminated by one side.
    error LicenseAgreements_NotBreached(bytes32 id, uint256 breachAt);

    /// @notice The license was not issued under this agreement.
    error LicenseAgreements_NotItsLicense(bytes32 id, uint256 licenseId);

    /// @notice The coins sent are not the amount, or coins were sent for an amount in tokens.
    error LicenseAgreements_ValueWrong(uint256 sent, uint256 wanted);

    /// @notice The amount is zero or beyond what the books can hold.
    error LicenseAgreements_AmountInvalid(uint256 amount);

    /// @notice More than will ever be due.
    error LicenseAgreements_Overpaid(uint256 amount, uint256 remaining);

    /// @notice Under this agreement usage is not reported.
    error LicenseAgreements_NothingToReport(bytes32 id);

    /// @notice Reports come in the order of periods; only the last one can be corrected.
    error LicenseAgreements_ReportOutOfTurn(uint256 period, uint256 reported);

    /// @notice The period is not over.
    error LicenseAgreements_PeriodNotOver(uint256 period, uint256 endsAt);

    /// @notice The correction raises what has been due for too long; pay it first.
    error LicenseAgreements_CorrectionUnpaid(uint256 owed);

    /// @notice There is no deposit to give back, or not yet.
    error LicenseAgreements_NoDepositDue(bytes32 id);

    /// @notice Nothing waits for the account in this currency.
    error LicenseAgreements_NothingHeld(address account, address currency);

    /* EXCHANGE */

    /// @notice The price or the reserve is zero.
    error RightsExchange_PriceZero();

    /// @notice The order can no longer be filled.
    error RightsExchange_OrderExpired(uint256 expiredAt, uint256 timestamp);

    /// @notice The order is for somebody else.
    error RightsExchange_NotTheBuyer(address buyer, address caller);

    /// @notice An order or auction with this nonce was filled, opened or cancelled.
    error RightsExchange_NonceUsed(address seller, uint256 nonce);

    /// @notice The signature is not the seller's, or not over this on this chain and contract.
    error RightsExchange_SignatureInvalid(address seller, bytes32 digest);

    /// @notice The coins sent are not the amount, or coins were sent for an amount in tokens.
    error RightsExchange_ValueWrong(uint256 sent, uint256 wanted);

    /// @notice The title's deposit was refuted, or the license is no longer in force.
    error RightsExchange_Worthless(bool isLicense, uint256 tokenId);

    /// @notice A term of the auction is out of its range.
    /// @param field Name of the field, as ASCII.
    error RightsExchange_AuctionInvalid(bytes32 field);

    /// @notice Only the seller may do this.
    error RightsExchange_NotSeller(address seller, address caller);

    /// @notice The seller may not bid.
    error RightsExchange_SellerBids(address seller);

    /// @notice The auction is not open for this.
    error RightsExchange_AuctionNotOpen(bytes32 id);

    /// @notice Bidding has not begun.
    error RightsExchange_AuctionNotStarted(uint256 startsAt, uint256 timestamp);

    /// @notice Bidding is over.
    error RightsExchange_AuctionOver(uint256 endedAt, uint256 timestamp);

    /// @notice Bidding is not over.
    error RightsExchange_AuctionRunning(uint256 endsAt, uint256 timestamp);

    /// @notice Somebody has bid, so the auction must run to its end.
    error RightsExchange_HasBids(bytes32 id);

    /// @notice The bid is below the least that counts now, or above the most that can be stored.
    error RightsExchange_BidOutOfRange(uint256 bid, uint256 least);

    /// @notice The title is frozen; the auction is settled when it no longer is, and called off at `voidFrom`.
    error RightsExchange_TitleFrozen(uint256 workId, uint256 voidFrom);

    /// @notice The bid cannot be paid out now; if it still cannot at `voidFrom`, the auction is called off.
    error RightsExchange_PaymentFailed(address currency, uint256 voidFrom);

    /// @notice Too little gas to hand the token over safely.
    error RightsExchange_GasTooLow(uint256 gasLeft, uint256 wanted);

    /// @notice The exchange keeps no such token for the caller.
    error RightsExchange_NotKept(bool isLicense, uint256 tokenId, address caller);

    /// @notice The exchange holds no money for the caller in this currency.
    error RightsExchange_NothingHeld(address account, address currency);

    /// @notice The money was refused.
    error RightsExchange_TransferFailed(address to, address currency, uint256 amount);

    /// @notice Only the exchange itself may call this.
    error RightsExchange_OnlySelf(address caller);

    /* CLAIMS */

    /// @notice Only the claimant may do this.
    error InfringementClaims_NotClaimant(address claimant, address caller);

    /// @notice A field of the claim contradicts the others.
    /// @param field Name of the field, as ASCII.
    error InfringementClaims_ClaimInvalid(bytes32 field);

    /// @notice The bond is below the least, or more than can be stored.
    error InfringementClaims_BondOutOfRange(uint256 bond, uint256 least);

    /// @notice The very same claim was filed before.
    error InfringementClaims_ClaimExists(bytes32 id);

    /// @notice The work is not the one that the deposit's id names.
    error InfringementClaims_WorkMismatch(bytes32 given, bytes32 wanted);

    /// @notice There is no fingerprint of the copy to compare, or it is of another type than the work's.
    error InfringementClaims_FingerprintMissing(uint256 suspectType, uint256 workType);

    /// @notice The claim has not come this far, or is past it.
    error InfringementClaims_WrongPhase(bytes32 id, uint8 phase);

    /// @notice The time for this is over.
    error InfringementClaims_TooLate(uint256 deadline, uint256 timestamp);

    /// @notice The time for this has not come.
    error InfringementClaims_TooEarly(uint256 from, uint256 timestamp);

    /// @notice The caller is not who is to answer the claim.
    error InfringementClaims_NotRespondent(bytes32 id, address caller);

    /// @notice The caller is neither side of the claim.
    error InfringementClaims_NotParty(bytes32 id, address caller);

    /// @notice The coins sent are not what is wanted.
    error InfringementClaims_ValueWrong(uint256 sent, uint256 wanted);

    /// @notice The license is of another work, of another owner, not active there now, or younger than the claim.
    error InfringementClaims_LicenseInsufficient(uint256 licenseId);

    /// @notice The deposit is not there, not older than the claimant's, or of another content.
    error InfringementClaims_DepositInsufficient(bytes32 depositId);

    /// @notice The settlement is of another claim, or the offer is not the settlement's.
    error InfringementClaims_SettlementMismatch(bytes32 given, bytes32 wanted);

    /// @notice The signature is not the claimant's, or not over this settlement on this chain and contract.
    error InfringementClaims_SignatureInvalid(address claimant, bytes32 digest);

    /// @notice The claimant does not hold the rights in the work, or its deposit is refuted.
    error InfringementClaims_NoStanding(address claimant, uint256 workId);

    /// @notice The coins sent do not pay the arbitrator.
    error InfringementClaims_FeeTooLow(uint256 sent, uint256 wanted);

    /// @notice The arbitrator gave a dispute a number that another one has.
    error InfringementClaims_DisputeExists(address arbitrator, uint256 disputeId);

    /// @notice The caller has no such dispute of a claim, or it went to another arbitrator.
    error InfringementClaims_DisputeUnknown(address arbitrator, uint256 disputeId);

    /// @notice The ruling is none of the dispute's choices.
    error InfringementClaims_RulingInvalid(uint256 ruling, uint256 choices);

    /// @notice The ruling was appealed as often as it can be.
    error InfringementClaims_AppealsUsedUp(bytes32 id);

    /// @notice The claimant's deposit is not older than the one he wants frozen, or one of them does not exist.
    error InfringementClaims_NotOlder(uint256 claimedAt, uint256 suspectAt);

    /// @notice The claim had its freeze.
    error InfringementClaims_FreezeUsed(bytes32 id);

    /// @notice The title is frozen for another claim.
    error InfringementClaims_FrozenAlready(uint256 suspectId, uint256 until);

    /// @notice Claims kept the title frozen for so long that another freeze would be too much now.
    error InfringementClaims_FreezeUsedUp(uint256 suspectId, uint256 used);

    /// @notice The contract holds nothing for the caller.
    error InfringementClaims_NothingHeld(address account);

    /// @notice The coins were refused.
    error InfringementClaims_TransferFailed(address to, uint256 amount);

    /* PANEL */

    /// @notice The account is no member of the alliance with the role of an arbitrator now.
    error ArbitrationPanel_NotArbitrator(address account);

    /// @notice The arbitrator let a dispute down and can enlist again from this second on.
    error ArbitrationPanel_BenchedUntil(address account, uint256 until);

    /// @notice The arbitrator is in the pool.
    error ArbitrationPanel_EnlistedAlready(address account);

    /// @notice The arbitrator is not in the pool.
    error ArbitrationPanel_NotEnlisted(address account);

    /// @notice A dispute has 2 to 15 choices.
    error ArbitrationPanel_ChoicesInvalid(uint256 choices);

    /// @notice The coins sent do not pay the fee.
    error ArbitrationPanel_FeeTooLow(uint256 sent, uint256 wanted);

    /// @notice The fee is out of its range.
    error ArbitrationPanel_FeeOutOfRange(uint256 fee, uint256 least, uint256 most);

    /// @notice There is no such dispute, or it has not come this far, or is past it.
    error ArbitrationPanel_WrongPhase(uint256 disputeId, uint8 phase);

    /// @notice The time for this has not come: seconds, or for a drawing the number of the block.
    error ArbitrationPanel_TooEarly(uint256 from, uint256 now_);

    /// @notice The time for this is over.
    error ArbitrationPanel_TooLate(uint256 deadline, uint256 timestamp);

    /// @notice The caller has no seat in the dispute's round.
    error ArbitrationPanel_NotSeated(uint256 disputeId, address caller);

    /// @notice The arbitrator committed to a vote, or showed it, before.
    error ArbitrationPanel_VotedAlready(uint256 disputeId, address arbitrator);

    /// @notice A commitment is never zero.
    error ArbitrationPanel_CommitmentZero();

    /// @notice The vote is not the one committed to.
    error ArbitrationPanel_CommitmentMismatch(bytes32 given, bytes32 committed);

    /// @notice The vote is none of the dispute's choices.
    error ArbitrationPanel_ChoiceInvalid(uint256 choice, uint256 choices);

    /// @notice Only the contract that asked for the ruling can appeal it.
    error ArbitrationPanel_NotArbitrable(address arbitrable, address caller);

    /// @notice The ruling was appealed as often as it can be.
    error ArbitrationPanel_AppealsUsedUp(uint256 disputeId);

    /// @notice The arbitrable has taken the ruling.
    error ArbitrationPanel_DeliveredAlready(uint256 disputeId);

    /// @notice Too little gas to pass the ruling on safely.
    error ArbitrationPanel_GasTooLow(uint256 gasLeft, uint256 wanted);

    /// @notice The panel holds nothing for the caller.
    error ArbitrationPanel_NothingHeld(address account);

    /// @notice The coins were refused.
    error ArbitrationPanel_TransferFailed(address to, uint256 amount);

    /* IDENTITY */

    /// @notice The account is not a verifier of the alliance, or is suspended.
    error IdentityRegistry_NotVerifier(address account);

    /// @notice A field of the attestation is out of its range.
    /// @param field Name of the field, as ASCII.
    error IdentityRegistry_AttestationInvalid(bytes32 field);

    /// @notice The verifier's last word on the subject is as late, or later: a replay, or a signature from before a revocation.
    error IdentityRegistry_NotLater(uint256 validFrom, uint256 latest);

    /// @notice As many verifiers as there can be have attested the subject.
    error IdentityRegistry_VerifiersFull(address subject, uint256 most);

    /// @notice The list is empty; there is nothing to record.
    error IdentityRegistry_BatchEmpty();

    /// @notice The signature's deadline has passed.
    error IdentityRegistry_SignatureExpired(uint256 deadline, uint256 timestamp);

    /// @notice The signature is not the verifier's, or not over this on this chain and contract.
    error IdentityRegistry_SignatureInvalid(address verifier, bytes32 digest);

    /// @notice The verifier vouches for nothing of the subject now.
    error IdentityRegistry_NotInForce(address subject, address verifier);

    /// @notice The revocation names another attestation than the verifier's last one of the subject.
    error IdentityRegistry_NotLatest(uint256 validFrom, uint256 latest);

    /// @notice The verifier can revoke it himself.
    error IdentityRegistry_StillVerifier(address verifier);

    /// @notice Only the alliance says who is a verifier.
    error IdentityRegistry_NotAlliance(address caller);

    /// @notice Zero stands for no alliance.
    error IdentityRegistry_AllianceZero();

    /* ALLIANCE */

    /// @notice Zero cannot be a member.
    error CopyrightAlliance_AccountZero();

    /// @notice A member has at least one role, and none that there is not.
    error CopyrightAlliance_RolesInvalid(uint8 roles);

    /// @notice The lists are not of the same length.
    error CopyrightAlliance_LengthsDiffer(uint256 accounts, uint256 roles);

    /// @notice The account is not a member.
    error CopyrightAlliance_NotMember(address account);

    /// @notice The member is suspended already.
    error CopyrightAlliance_Suspended(address account);

    /// @notice The member is not suspended.
    error CopyrightAlliance_NotSuspended(address account);

    /// @notice He is the last member with a vote; without him nobody could ever be admitted.
    error CopyrightAlliance_LastMember(address account);

    /// @notice A membership cannot be transferred, nor approved for it.
    error CopyrightAlliance_Soulbound();

    /// @notice A vote cannot be delegated to another account.
    error CopyrightAlliance_NotDelegable(address account, address delegatee);

    /// @notice The contract was connected; that is final.
    error CopyrightAlliance_AlreadyConnected();

    /// @notice Zero stands for no contract.
    error CopyrightAlliance_ModuleZero();

    /// @notice There are members already, of whom the registry would not learn.
    error CopyrightAlliance_NotEmpty(uint256 members);

    /// @notice The account is not a member of the alliance, or is suspended, so it can neither propose nor vote.
    error AllianceGovernor_NotActive(address account);

    /// @notice A setting is out of its range.
    /// @param field Name of the setting, as ASCII.
    error AllianceGovernor_SettingInvalid(bytes32 field);

    /* ESCROW */

    /// @notice The currency did not arrive in full, so it cannot be held for anybody.
    error Escrow_Shortfall(address currency, uint256 arrived, uint256 wanted);
}
