// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";

import {ICopyrightRegistry} from "./ICopyrightRegistry.sol";
import {IRevenueSplitter} from "./IRevenueSplitter.sol";
import {IRightsHolder} from "./IRightsHolder.sol";

/// @title ICopyrightTitle
/// @notice Who holds the rights in a deposited work. A title is an ERC-721 token whose id is the deposit's; it is minted when somebody
/// wants to trade the rights, and until then the deposit's claimant holds them.
///
/// What the contract guarantees:
/// - {IRightsHolder-rightsHolderOf} is the one answer: the title's owner if there is a title, else the deposit's claimant, else nobody.
/// - Only the claimant of a deposit can mint its title, to himself, and once.
/// - {epochOf} grows with every change of hands, so that what an earlier holder signed cannot come back to life, and the split of the
///   work's revenue that he set ends.
/// - The deposit itself is not touched by anything here: neither refuting nor selling changes who deposited what, and when.
///
/// What it does not:
/// - Warning: a claimant is whoever deposited. Buy a title of claimants whose identity you can trust, or after looking for an earlier
///   deposit of the same work.
/// - Warning: the role that refutes and freezes belongs to the claims contract, by the AccessManager of the alliance. A freeze ends
///   by itself, {MAX_FREEZE} after it was set or renewed at the latest; a refutation is final.
/// - Warning: a refuted title can still be transferred, so that none is stuck in an exchange. Look at {isRefuted} before you buy.
interface ICopyrightTitle is IRightsHolder, IERC2981, IERC4906 {
    /* EVENTS */

    /// @notice A title was minted to the claimant.
    event TitleMinted(uint256 indexed workId, address indexed claimant, uint256 royaltyBps);

    /// @notice Offers of earlier epochs died: the title changed hands, or the holder withdrew them.
    event EpochAdvanced(uint256 indexed workId, uint256 epoch);

    /// @notice The claimant lowered the royalty.
    event RoyaltyLowered(uint256 indexed workId, uint256 royaltyBps);

    /// @notice The title cannot be transferred before `until`, in seconds since 1970; zero when the freeze was lifted.
    event Frozen(uint256 indexed workId, uint256 until);

    /// @notice A ruling found that the claimant had no right in the work.
    event Refuted(uint256 indexed workId);

    /// @notice The splitter was fixed.
    event Connected(address indexed splitter);

    /* TITLES */

    /// @notice Mints the title of the caller's deposit to the caller.
    /// @dev Reverts with `CopyrightTitle_NotClaimant`, `CopyrightTitle_RoyaltyTooHigh`, `CopyrightTitle_WorkRefuted`, or OpenZeppelin's
    /// `ERC721InvalidSender` if there is a title.
    /// @param royaltyBps What the claimant gets of every later sale, in basis points, at most {MAX_ROYALTY_BPS}.
    function mint(uint256 workId, uint256 royaltyBps) external;

    /// @notice Lowers the royalty. It never rises, so that nobody buys at one and sells at another.
    /// @dev Only by the claimant, whose it is. Reverts with `CopyrightTitle_NotClaimant` or `CopyrightTitle_RoyaltyTooHigh`.
    function lowerRoyalty(uint256 workId, uint256 royaltyBps) external;

    /// @notice Withdraws every offer of the work that was made until now, signed or opened.
    /// @dev Only by the rights holder. Reverts with `CopyrightTitle_NotRightsHolder`.
    /// @return epoch The epoch that offers must name from now on.
    function withdrawOffers(uint256 workId) external returns (uint256 epoch);

    /* RULINGS */

    /// @notice Keeps the title where it is before `until`; a time that has passed lifts an earlier freeze.
    /// @dev Restricted. Works without a title and before there is one. Reverts with `CopyrightTitle_FreezeTooLong` or
    /// `CopyrightTitle_WorkUnknown`.
    function freeze(uint256 workId, uint256 until) external;

    /// @notice Marks the deposit as refuted: no title, no new license, no renewal. Final.
    /// @dev Restricted. Refuting again changes nothing. Reverts with `CopyrightTitle_WorkUnknown`.
    function refute(uint256 workId) external;

    /* VIEWS */

    /// @notice All that a sale must know of a work, in one call.
    /// @return holder As {IRightsHolder-rightsHolderOf}.
    /// @return epoch As {epochOf}.
    /// @return refuted As {isRefuted}.
    function standingOf(uint256 workId) external view returns (address holder, uint256 epoch, bool refuted);

    /// @notice All that a sale of the title must know, in one call.
    /// @return receiver As `royaltyInfo` of ERC-2981.
    /// @return royalty As `royaltyInfo` of ERC-2981.
    /// @return refuted As {isRefuted}.
    function saleTermsOf(
        uint256 workId,
        uint256 salePrice
    ) external view returns (address receiver, uint256 royalty, bool refuted);

    /// @notice How often the title changed hands or its offers were withdrawn; minting does not count.
    function epochOf(uint256 workId) external view returns (uint256);

    /// @notice Whether there is a title.
    function isMinted(uint256 workId) external view returns (bool);

    /// @notice First second at which the title can be transferred again; zero if it is not frozen now.
    function frozenUntil(uint256 workId) external view returns (uint256);

    /// @notice Whether a ruling refuted the deposit.
    function isRefuted(uint256 workId) external view returns (bool);

    /// @notice Royalty of the work in basis points.
    function royaltyBpsOf(uint256 workId) external view returns (uint256);

    /// @notice Highest royalty in basis points: 1,000.
    function MAX_ROYALTY_BPS() external view returns (uint256);

    /// @notice Longest freeze from the moment it is set: 365 days, in seconds.
    function MAX_FREEZE() external view returns (uint256);

    /// @notice Names the splitter, which is deployed after this contract; once.
    /// @dev Restricted. Reverts with `CopyrightTitle_AlreadyConnected` or `CopyrightTitle_ModuleZero`.
    function connect(IRevenueSplitter splitter_) external;

    /// @notice The contract that learns when a work changes hands; zero before {connect}.
    function splitter() external view returns (IRevenueSplitter);

    /// @notice The registry whose deposits can have titles.
    function REGISTRY() external view returns (ICopyrightRegistry);
}
