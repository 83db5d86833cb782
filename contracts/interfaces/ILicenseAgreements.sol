// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Agreement, AgreementBooks, AgreementStatus, GrantTerms} from "../types/Agreement.sol";
import {ICopyrightTitle} from "./ICopyrightTitle.sol";
import {ILicenseSuspension} from "./ILicenseSuspension.sol";
import {ILicenseToken} from "./ILicenseToken.sol";
import {IRevenueSplitter} from "./IRevenueSplitter.sol";

/// @title ILicenseAgreements
/// @notice License agreements that both sides sign: instalments, a guaranteed minimum, a price per reported unit, a cure period, a deposit.
///
/// Ids are commitments: an agreement's id is the EIP-712 `hashStruct` of the {Agreement}. The parameters travel as calldata and stand in
/// {Activated}; storage holds one word, which also says when the agreement will be breached if nothing more happens. That is why
/// its license is suspended at the right second without anybody's call.
///
/// What the contract guarantees:
/// - An agreement comes about only by both sides' signatures, once, and while the licensor holds the rights.
/// - {statusOf} and {isSuspended} are views over timestamps, and both say the same at every second.
/// - Payments go to the {IRevenueSplitter} within the same transaction, to the work, so to whoever is owed its revenue then. The
///   contract keeps nothing but deposits.
/// - Payments are counted against the oldest debt first. They may be early, partial, or for several periods at once.
/// - Before the breach nothing is lost: who pays and reports within the cure period is as if he had never been late. After it the license
///   is suspended until everything that is due has been paid and reported, and the rights holder may terminate, which is final.
/// - Of a deposit the licensor's side gets what was owed at the termination, and not more. The rest is the licensee's.
///
/// What it does not:
/// - Warning: the number of units is what the licensee says. An audit is a matter of the agreement in words; its outcome can be reported as
///   a correction, or as part of a later report.
/// - Warning: a signature is an option for the other side until `startsAt`. Either side takes it back by {withdraw}.
/// - Warning: when the title is sold, later payments and the right to terminate go with it.
/// - Warning: coins are paid to the work at once and cannot come back; only the deposit can.
/// - Warning: if the alliance strikes a currency off the list, payments in it are refused. A licensor who lets that happen to an
///   agreement can end it by consent. Deposits can be returned all the same.
/// - Warning: a report can be corrected until the next one is made. Errors found later belong into the next report.
interface ILicenseAgreements is ILicenseSuspension {
    /* EVENTS */

    /// @notice An agreement came into force, and its license was issued.
    event Activated(
        bytes32 indexed id,
        uint256 indexed licenseId,
        uint256 indexed workId,
        Agreement agreement,
        GrantTerms terms
    );

    /// @notice A side took its word back before the agreement was activated. It never will be.
    event Withdrawn(bytes32 indexed id, address indexed by);

    /// @notice Something was paid.
    event Paid(bytes32 indexed id, address payer, uint256 amount);

    /// @notice The licensee reported a period's usage, or corrected the last report.
    event UsageReported(bytes32 indexed id, uint256 period, uint256 units);

    /// @notice The agreement is over, and its license has ended.
    /// @param by Who called.
    /// @param owed What the licensee owed then.
    event Terminated(bytes32 indexed id, address indexed by, uint256 owed);

    /// @notice The deposit was given back.
    /// @param toWork The part that paid debts.
    /// @param toLicensee The rest, as credit with the splitter. Of a currency that has shrunk both get the same proportion of this.
    event DepositReturned(bytes32 indexed id, uint256 toWork, uint256 toLicensee);

    /// @notice A part of a deposit waits here for its owner, because the splitter takes none of the currency now.
    event Held(address indexed account, address indexed currency, uint256 amount);

    /// @notice What waited was sent.
    event HeldWithdrawn(address indexed account, address indexed currency, address to, uint256 amount);

    /* BEGINNING */

    /// @notice Brings an agreement into force: takes the down payment and the deposit from the caller, and issues the license to the licensee.
    /// @dev Native currency: `msg.value` must be both together. ERC-20: the caller approves the {IRevenueSplitter} for both. Reverts with
    /// `LicenseAgreements_NotNew`, `LicenseAgreements_ActivationLate`, `LicenseAgreements_TermsInvalid`, `LicenseAgreements_GrantMismatch`,
    /// `LicenseAgreements_SignatureInvalid`, `LicenseAgreements_ValueWrong`, `Escrow_Shortfall`, or as {ILicenseToken-issueUnderAgreement} and the
    /// {IRevenueSplitter} do.
    /// @param terms Those whose hash the agreement names.
    /// @param licensorSignature Over the EIP-712 struct {Agreement}, with the {GrantTerms} in it: 65 bytes of ECDSA, or what the signer's
    /// ERC-1271 contract takes. Not looked at if the licensor is the caller.
    /// @param licenseeSignature The same of the licensee.
    /// @return id The agreement's id.
    /// @return licenseId The license.
    function activate(
        Agreement calldata agreement,
        GrantTerms calldata terms,
        bytes calldata licensorSignature,
        bytes calldata licenseeSignature
    ) external payable returns (bytes32 id, uint256 licenseId);

    /// @notice Takes the caller's word back, so that the agreement can never be activated.
    /// @dev Only by the licensor or the licensee. Reverts with `LicenseAgreements_GrantMismatch`, `LicenseAgreements_NotEntitled` or
    /// `LicenseAgreements_NotNew`.
    function withdraw(Agreement calldata agreement, GrantTerms calldata terms) external;

    /* PERFORMANCE */

    /// @notice Pays. Anybody may, in any amount, at any time between activation and termination.
    /// @dev Native currency: `msg.value` must be the amount. ERC-20: the caller approves the {IRevenueSplitter}. Where no usage is reported, more than will
    /// ever be due is refused. Reverts with `LicenseAgreements_NotRunning`, `LicenseAgreements_AmountInvalid`, `LicenseAgreements_Overpaid`,
    /// `LicenseAgreements_ValueWrong`, or as the {IRevenueSplitter} does.
    /// @param amount In the currency's smallest unit, 1 to 2^96 - 1.
    function pay(Agreement calldata agreement, uint256 amount) external payable;

    /// @notice Reports the usage of a period that is over, or corrects the last report.
    /// @dev Only by the licensee. A correction that would breach the agreement is refused: pay first. Reverts with
    /// `LicenseAgreements_NotEntitled`, `LicenseAgreements_NotRunning`, `LicenseAgreements_NothingToReport`, `LicenseAgreements_ReportOutOfTurn`,
    /// `LicenseAgreements_PeriodNotOver`, `LicenseAgreements_AmountInvalid` or `LicenseAgreements_CorrectionUnpaid`.
    /// @param period Number of the period: as many as are reported, or one less to correct.
    /// @param units How many.
    function reportUsage(Agreement calldata agreement, uint32 period, uint128 units) external;

    /* END */

    /// @notice Ends an agreement for good, and its license.
    /// @dev By the work's rights holder while the agreement is breached; by the licensee if a ruling refuted the work, and then no debts
    /// are taken from the deposit. Reverts with `LicenseAgreements_NotRunning`, `LicenseAgreements_NotEntitled`,
    /// `LicenseAgreements_NotBreached` or `LicenseAgreements_NotItsLicense`.
    /// @param licenseId The license that was issued under the agreement, see {Activated}.
    function terminate(Agreement calldata agreement, uint256 licenseId) external;

    /// @notice Ends an agreement for good because both sides want it to end.
    /// @dev By the licensee with the rights holder's signature, or by the rights holder with the licensee's, over the EIP-712 struct
    /// `Termination(bytes32 agreementId,uint256 deadline)`. Reverts with `LicenseAgreements_NotRunning`, `LicenseAgreements_NotEntitled`,
    /// `LicenseAgreements_SignatureExpired`, `LicenseAgreements_SignatureInvalid` or `LicenseAgreements_NotItsLicense`.
    /// @param deadline Last second at which the signature counts.
    function terminateByConsent(
        Agreement calldata agreement,
        uint256 licenseId,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Gives the deposit back to the licensee, less what was owed when the agreement was terminated, which goes to the work. Anybody
    /// may call it once the agreement is fulfilled or terminated.
    /// @dev While the {IRevenueSplitter} takes none of the currency (it was struck off, or the splitter is short of it), the licensee's
    /// part waits here for him, and the work's for the rights holder, see {withdrawHeld}. Of a currency that has shrunk in this contract every
    /// deposit gives the same proportion. Reverts with `LicenseAgreements_GrantMismatch` or `LicenseAgreements_NoDepositDue`.
    function returnDeposit(Agreement calldata agreement, GrantTerms calldata terms) external;

    /// @notice Sends the caller what waits here for him, see {returnDeposit}, to an address of his choice.
    /// @dev Reverts with `LicenseAgreements_NothingHeld`, or as the token does.
    /// @return amount Units sent.
    function withdrawHeld(address currency, address to) external returns (uint256 amount);

    /* VIEWS */

    /// @notice The agreement's id.
    function idOf(Agreement calldata agreement) external pure returns (bytes32 id);

    /// @notice The hash of a grant's terms that an {Agreement} names.
    function grantHashOf(GrantTerms calldata terms) external pure returns (bytes32);

    /// @notice How the agreement stands at this second.
    function statusOf(Agreement calldata agreement) external view returns (AgreementStatus);

    /// @notice The agreement's books at this second.
    function booksOf(Agreement calldata agreement) external view returns (AgreementBooks memory);

    /// @notice The agreement under which a license was issued; zero if it was none of these.
    function agreementOf(uint256 licenseId) external view returns (bytes32 id);

    /// @notice Units of a currency that the contract must hold: deposits that are lodged, and parts that wait.
    function heldOf(address currency) external view returns (uint256);

    /// @notice Units that wait for an account, see {returnDeposit}.
    function heldFor(address account, address currency) external view returns (uint256);

    /* WIRING */

    /// @notice Titles, which say who holds the rights in a work.
    function TITLE() external view returns (ICopyrightTitle);

    /// @notice Licenses.
    function LICENSES() external view returns (ILicenseToken);

    /// @notice Where payments go.
    function SPLITTER() external view returns (IRevenueSplitter);
}
