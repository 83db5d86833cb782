// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Governor} from "@openzeppelin/contracts/governance/Governor.sol";
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
import {GovernorCountingSimple} from "@openzeppelin/contracts/governance/extensions/GovernorCountingSimple.sol";
import {GovernorSettings} from "@openzeppelin/contracts/governance/extensions/GovernorSettings.sol";
import {GovernorTimelockControl} from "@openzeppelin/contracts/governance/extensions/GovernorTimelockControl.sol";
import {GovernorVotes} from "@openzeppelin/contracts/governance/extensions/GovernorVotes.sol";
import {GovernorVotesQuorumFraction} from "@openzeppelin/contracts/governance/extensions/GovernorVotesQuorumFraction.sol";

import {ICopyrightAlliance} from "../interfaces/ICopyrightAlliance.sol";
import {Errors} from "../libraries/Errors.sol";

/// @title AllianceGovernor
/// @notice How the alliance decides: OpenZeppelin's Governor over the votes of {ICopyrightAlliance}. A member proposes, waits `votingDelay`, all
/// members vote for `votingPeriod`, and what has more votes for than against, and a quorum, is queued in the {AllianceTimelock}, after whose delay anybody executes it.
///
/// What the contract guarantees:
/// - Who is no active member in the very second can neither propose nor vote, even if he was at the snapshot. Votes cast before stand.
/// - Weight and quorum are those of the snapshot, a second that is over before the first vote: who joins later, or in the same block, weighs nothing.
/// - No setting can stop the alliance from deciding for ever: each has a range, and the timelock is fixed. So is the threshold: one account has one vote, and
///   no member could reach more.
///
/// What a decision can do is what the roles of the {Authority} reach, since nothing else obeys the timelock: currencies, memberships (with them verifiers
/// and arbitrators), and the settings of governor and timelock themselves. test/alliance/reach.test.ts tries every function of every contract.
contract AllianceGovernor is
    Governor,
    GovernorSettings,
    GovernorCountingSimple,
    GovernorVotes,
    GovernorVotesQuorumFraction,
    GovernorTimelockControl
{
    /* CONSTANTS */

    /// @notice Longest delay before a vote, in seconds.
    uint48 public constant MAX_VOTING_DELAY = 30 days;

    /// @notice Shortest vote, in seconds.
    uint32 public constant MIN_VOTING_PERIOD = 1 hours;

    /// @notice Longest vote, in seconds.
    uint32 public constant MAX_VOTING_PERIOD = 30 days;

    /// @notice Least share of the members, in percent, who must have voted for or abstained.
    uint256 public constant MIN_QUORUM_PERCENT = 10;

    /// @notice Greatest such share: more would let a few block everything by staying away.
    uint256 public constant MAX_QUORUM_PERCENT = 60;

    /// @notice The alliance whose members vote.
    ICopyrightAlliance public immutable ALLIANCE;

    /* CONSTRUCTOR */

    /// @param votingDelay_ Seconds from the proposal to the vote.
    /// @param votingPeriod_ Seconds that the vote lasts.
    /// @param quorumPercent Share of the active members who must vote for or abstain.
    constructor(
        ICopyrightAlliance alliance,
        TimelockController timelock_,
        uint48 votingDelay_,
        uint32 votingPeriod_,
        uint256 quorumPercent
    )
        Governor("Colophon AllianceGovernor")
        GovernorSettings(votingDelay_, votingPeriod_, 1)
        GovernorVotes(alliance)
        GovernorVotesQuorumFraction(quorumPercent)
        GovernorTimelockControl(timelock_)
    {
        ALLIANCE = alliance;
    }

    /* SETTINGS */

    /// @notice Always reverts with `AllianceGovernor_SettingInvalid`: the roles lie with the timelock, so another one would be a governor without a realm.
    function updateTimelock(TimelockController) public pure override {
        revert Errors.AllianceGovernor_SettingInvalid("timelock");
    }

    function _setVotingDelay(uint48 delay) internal override {
        if (delay > MAX_VOTING_DELAY) revert Errors.AllianceGovernor_SettingInvalid("votingDelay");
        super._setVotingDelay(delay);
    }

    function _setVotingPeriod(uint32 period) internal override {
        if (period < MIN_VOTING_PERIOD || period > MAX_VOTING_PERIOD) {
            revert Errors.AllianceGovernor_SettingInvalid("votingPeriod");
        }
        super._setVotingPeriod(period);
    }

    function _setProposalThreshold(uint256 threshold) internal override {
        if (threshold != 1) revert Errors.AllianceGovernor_SettingInvalid("proposalThreshold");
        super._setProposalThreshold(threshold);
    }

    function _updateQuorumNumerator(uint256 percent) internal override {
        if (percent < MIN_QUORUM_PERCENT || percent > MAX_QUORUM_PERCENT) {
            revert Errors.AllianceGovernor_SettingInvalid("quorum");
        }
        super._updateQuorumNumerator(percent);
    }

    /* VOTING */

    /// @dev Zero for who is no active member now, so that he cannot propose either.
    function _getVotes(
        address account,
        uint256 timepoint,
        bytes memory params
    ) internal view override(Governor, GovernorVotes) returns (uint256) {
        return ALLIANCE.isActive(account) ? super._getVotes(account, timepoint, params) : 0;
    }

    function _castVote(
        uint256 proposalId,
        address account,
        uint8 support,
        string memory reason,
        bytes memory params
    ) internal override returns (uint256) {
        if (!ALLIANCE.isActive(account)) revert Errors.AllianceGovernor_NotActive(account);
        return super._castVote(proposalId, account, support, reason, params);
    }

    /* WHERE SEVERAL OF OPENZEPPELIN'S PARTS ANSWER */

    /// @inheritdoc Governor
    function proposalThreshold() public view override(Governor, GovernorSettings) returns (uint256) {
        return super.proposalThreshold();
    }

    /// @inheritdoc Governor
    function state(uint256 proposalId) public view override(Governor, GovernorTimelockControl) returns (ProposalState) {
        return super.state(proposalId);
    }

    /// @inheritdoc Governor
    function proposalNeedsQueuing(
        uint256 proposalId
    ) public view override(Governor, GovernorTimelockControl) returns (bool) {
        return super.proposalNeedsQueuing(proposalId);
    }

    function _queueOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint48) {
        return super._queueOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _executeOperations(
        uint256 proposalId,
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) {
        super._executeOperations(proposalId, targets, values, calldatas, descriptionHash);
    }

    function _cancel(
        address[] memory targets,
        uint256[] memory values,
        bytes[] memory calldatas,
        bytes32 descriptionHash
    ) internal override(Governor, GovernorTimelockControl) returns (uint256) {
        return super._cancel(targets, values, calldatas, descriptionHash);
    }

    function _executor() internal view override(Governor, GovernorTimelockControl) returns (address) {
        return super._executor();
    }
}
