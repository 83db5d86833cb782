// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IArbitrator} from "./IArbitrator.sol";

/// @title IArbitrable
/// @notice What asks an {IArbitrator} for a ruling, as ERC-792 has it.
interface IArbitrable {
    /// @notice A ruling was given.
    /// @param ruling The choice, from 1; zero if the arbitrator could not or would not decide.
    event Ruling(IArbitrator indexed arbitrator, uint256 indexed disputeId, uint256 ruling);

    /// @notice Gives a ruling; called by the arbitrator, once for a dispute.
    function rule(uint256 disputeId, uint256 ruling) external;
}
