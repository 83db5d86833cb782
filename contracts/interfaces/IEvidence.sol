// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IArbitrator} from "./IArbitrator.sol";

/// @title IEvidence
/// @notice The events of ERC-1497, by which arbitrators' tools find what a dispute is about.
interface IEvidence {
    /// @notice What disputes are about, in general.
    /// @param evidence URI of a JSON document.
    event MetaEvidence(uint256 indexed metaEvidenceId, string evidence);

    /// @notice A party submitted evidence.
    /// @param evidence URI of a JSON document.
    event Evidence(
        IArbitrator indexed arbitrator,
        uint256 indexed evidenceGroupId,
        address indexed party,
        string evidence
    );

    /// @notice A dispute was opened; its evidence is that of the group.
    event Dispute(
        IArbitrator indexed arbitrator,
        uint256 indexed disputeId,
        uint256 metaEvidenceId,
        uint256 evidenceGroupId
    );
}
