// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";

import {Grant, License, Offer} from "../types/Offer.sol";

/// @title ILicenseToken
/// @notice Licenses of deposited works, as ERC-721 tokens: sold by offers that cost nothing until they are taken, or issued under
/// agreements; exclusive ones checked against everything sold before.
///
/// Ids are commitments:
///
///     offerId   = EIP-712 hashStruct of the {Offer}
///     licenseId = offerId's first 192 bits, start in seconds (40 bits), serial number within the offer (24 bits)
///
/// so a license names its terms for good, the terms in words (`document`) included, and two sales can never be confused.
///
/// What the contract guarantees:
/// - Of one work no two licenses are in force at the same time that share an act (the rights' bits 0 to 5) and a territory, if one
///   of them is exclusive. The check costs the same however many were sold.
/// - An offer is taken only while its seller holds the rights, in the epoch it names, until its closing second, within its supply,
///   and unless it was cancelled or the work refuted. A license once sold runs on, whoever holds the title.
/// - {isActive} is the single truth on expiry, suspension, territory and channel; every view and every transfer goes by it.
/// - The price goes to the {IRevenueSplitter} within the same transaction and in full. This contract never holds money.
///
/// What it does not:
/// - Warning: a buyer can name himself as the platform and keep the commission, unless the offer names one.
/// - Warning: a signed offer is public once published; whoever holds it can take it. Cancel by {cancel}, or all offers of a work at
///   once by {ICopyrightTitle-withdrawOffers}.
/// - Warning: exclusivity binds acts and territories, not channels: an exclusive license for cinemas keeps the web closed as well.
/// - Warning: exclusivity holds among licenses of one deposit. A second deposit of the same content is another matter, for a claim.
///
/// There is no {IERC4907-setUser} and no {IERC5643-renewSubscription}, so `supportsInterface` denies both; the views of both are here.
interface ILicenseToken is IERC2981, IERC4906 {
    /* EVENTS */

    /// @notice An offer was opened on chain: it needs no signature.
    /// @param terms The offer's packed terms, see {Terms}.
    event OfferOpened(
        bytes32 indexed offerId,
        uint256 indexed workId,
        address indexed seller,
        uint256 terms,
        address currency,
        uint256 price,
        uint24 commissionCapPpm,
        address platform,
        bytes32 document
    );

    /// @notice An offer was cancelled, for good.
    event OfferCancelled(bytes32 indexed offerId, uint256 indexed workId, address indexed seller);

    /// @notice A license was sold. What was paid is in the {IRevenueSplitter-Paid} event of the same transaction, if anything was.
    /// @param terms The license's packed terms, see {Terms}.
    event LicenseAcquired(
        uint256 indexed licenseId,
        uint256 indexed workId,
        address indexed buyer,
        uint256 terms,
        bytes32 document
    );

    /// @notice A license was renewed.
    /// @param from Second from which the new time runs: the old end, or now if that had passed.
    /// @param until The license's end from now on.
    event LicenseRenewed(uint256 indexed licenseId, address indexed payer, uint256 from, uint256 until);

    /// @notice A license was issued under an agreement.
    /// @param terms The license's packed terms, see {Terms}.
    event LicenseIssued(
        uint256 indexed licenseId,
        uint256 indexed workId,
        bytes32 indexed agreementId,
        uint256 terms,
        bytes32 document
    );

    /// @notice A license issued under an agreement ended before its time.
    event LicenseEnded(uint256 indexed licenseId);

    /// @notice A work may be registered as derived from another, on the strength of a license to adapt it.
    event DerivativeAuthorized(
        uint256 indexed licenseId,
        uint256 indexed parentWorkId,
        uint256 indexed childWorkId,
        uint256 derivativeBps
    );

    /// @notice The contracts that may issue under agreements and move licenses with a resale fee were fixed.
    event Connected(address indexed agreements, address indexed exchange);

    /* OFFERS */

    /// @notice Opens an offer on chain, so that it can be taken without a signature.
    /// @dev Only by the seller. Whether he holds the rights is checked when the offer is taken. Reverts with
    /// `LicenseToken_NotSeller`, `LicenseToken_OfferExists`, or one of the errors of {acquire} that concern an offer's form.
    /// @return offerId The offer's id.
    function open(Offer calldata offer) external returns (bytes32 offerId);

    /// @notice Cancels an offer for good, signed or opened. Licenses sold under it stay, and can no longer be renewed.
    /// @dev Only by the seller. Reverts with `LicenseToken_NotSeller` or `LicenseToken_OfferCancelled`.
    function cancel(Offer calldata offer) external;

    /* LICENSES */

    /// @notice Buys a license, which runs from now.
    /// @dev Native currency: `msg.value` must be the price. ERC-20: the caller approves the {IRevenueSplitter} for the price. Reverts with
    /// - of the form: `LicenseToken_RightsEmpty`, `LicenseToken_TerritoriesEmpty`, `LicenseToken_ChannelsEmpty`, `LicenseToken_DurationTooLong`,
    ///   `LicenseToken_BpsTooHigh`, `LicenseToken_DerivativeWithoutAdapt`;
    /// - of the offer's life: `LicenseToken_OfferClosed`, `LicenseToken_OfferCancelled`, `LicenseToken_OfferSoldOut`, `LicenseToken_SellerNotHolder`,
    ///   `LicenseToken_EpochOver`, `LicenseToken_WorkRefuted`, `LicenseToken_SignatureInvalid`;
    /// - of the sale: `LicenseToken_CommissionTooHigh`, `LicenseToken_PlatformNotNamed`, `LicenseToken_ValueWrong`, `LicenseToken_Overlap`.
    /// @param signature The seller's, over the EIP-712 struct {Offer}: 65 bytes of ECDSA, or what its ERC-1271 contract takes; ignored
    /// if the offer was opened.
    /// @param recipient Who gets the license; a contract must accept it by `onERC721Received`.
    /// @param platform Who brought the buyer, or zero.
    /// @param commissionPpm What it keeps, in parts per million of the price.
    /// @return licenseId The new token.
    function acquire(
        Offer calldata offer,
        bytes calldata signature,
        address recipient,
        address platform,
        uint256 commissionPpm
    ) external payable returns (uint256 licenseId);

    /// @notice Adds the offer's duration to a license sold under it, for the offer's price, from its end or, when that has passed, from now.
    /// Anybody may pay.
    /// @dev The offer must still stand, except that its supply may be used up. Reverts as {acquire} does, and with `LicenseToken_NotOfOffer` or
    /// `LicenseToken_NotRenewable`.
    /// @return until The license's end from now on.
    function renew(
        uint256 licenseId,
        Offer calldata offer,
        address platform,
        uint256 commissionPpm
    ) external payable returns (uint256 until);

    /// @notice Agrees, for the license's work, that the caller's own work be registered as its derivative with the share that the license
    /// says: {IRevenueSplitter-grantDerivative}. The caller then registers it there, together with its other parents; the agreement
    /// stays, whatever becomes of the title or the license.
    /// @dev The caller must own the license, which must be in force and hold the right to adapt, and hold the rights in `childWorkId`. Reverts
    /// with `LicenseToken_NotOwner`, `LicenseToken_NotInForce`, `LicenseToken_AdaptNotGranted`, `LicenseToken_ChildNotHeld`, or as the
    /// {IRevenueSplitter} does.
    function authorizeDerivative(uint256 licenseId, uint256 childWorkId) external;

    /* agreements */

    /// @notice Issues a license under an agreement. The calendar binds it as it binds sales.
    /// @dev Only by {agreements}. Reverts with `LicenseToken_NotAgreements`, `LicenseToken_AgreementIssued`, `LicenseToken_SellerNotHolder`,
    /// `LicenseToken_WorkRefuted`, `LicenseToken_Overlap`, `LicenseToken_AgreementsFull`, and as {acquire} does for a bad form.
    /// @return licenseId The new token.
    function issueUnderAgreement(Grant calldata grant) external returns (uint256 licenseId);

    /// @notice Ends a license that was issued under an agreement, and frees its place in the calendar. Ending one that is over changes
    /// nothing.
    /// @dev Only by {agreements}. Reverts with `LicenseToken_NotAgreements` or `LicenseToken_NotUnderAgreement`.
    function end(uint256 licenseId) external;

    /* VIEWS: WHAT HOLDS NOW */

    /// @notice Whether the license's owner may, at this second, use the work in this territory and this channel: not expired, not
    /// ended, not suspended, and both within the license. False for what is no license.
    /// @param territory Number of the territory group, 0 to 15.
    /// @param channel Number of the channel, 0 to 15.
    function isActive(uint256 licenseId, uint256 territory, uint256 channel) external view returns (bool);

    /// @notice {isActive} without a place: not expired, not ended, not suspended. False for what is no license.
    function isInForce(uint256 licenseId) external view returns (bool);

    /// @notice Whether the calendar would take such a license from now on.
    function isAvailable(
        uint256 workId,
        uint256 rights,
        uint256 territories,
        bool exclusive
    ) external view returns (bool);

    /// @notice The terms of a license.
    /// @dev Reverts with OpenZeppelin's `ERC721NonexistentToken`.
    function licenseOf(uint256 licenseId) external view returns (License memory);

    /// @notice The work of a license; zero for what is no license.
    function workOf(uint256 licenseId) external view returns (uint256 workId);

    /* VIEWS: OFFERS */

    /// @notice The offer's id.
    function offerIdOf(Offer calldata offer) external pure returns (bytes32 offerId);

    /// @notice What became of an offer.
    /// @return sold Licenses sold under it.
    /// @return opened Whether it was opened on chain.
    /// @return cancelled Whether it was cancelled.
    function offerStateOf(bytes32 offerId) external view returns (uint256 sold, bool opened, bool cancelled);

    /// @notice Checks everything that {acquire} checks but the payment and the receiver.
    /// @dev Reverts as {acquire} does; returns if it would not.
    function checkOffer(Offer calldata offer, bytes calldata signature) external view;

    /* VIEWS: STANDARDS */

    /// @notice ERC-4907: who may use the work, the license's owner while it is in force, else zero.
    function userOf(uint256 licenseId) external view returns (address);

    /// @notice ERC-4907: the license's end in seconds since 1970; type(uint64).max if it has none, zero for what is no license.
    function userExpires(uint256 licenseId) external view returns (uint256);

    /// @notice ERC-5643: as {userExpires}.
    function expiresAt(uint256 licenseId) external view returns (uint64);

    /// @notice ERC-5643: whether {renew} would take the license's own offer now.
    function isRenewable(uint256 licenseId) external view returns (bool);

    /* WIRING */

    /// @notice Fixes {agreements} and {exchange}, which are deployed after this contract; only by its deployer, and once.
    /// @dev Reverts with `LicenseToken_NotDeployer`, `LicenseToken_AlreadyConnected` or `LicenseToken_ModuleZero`.
    function connect(address agreements_, address exchange_) external;

    /// @notice The contract that issues under agreements and answers {ILicenseSuspension-isSuspended}; zero before {connect}.
    function agreements() external view returns (address);

    /// @notice The contract that alone moves licenses with a resale fee; zero before {connect}.
    function exchange() external view returns (address);
}
