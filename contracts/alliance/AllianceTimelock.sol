// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";

/// @title AllianceTimelock
/// @notice Carries out what the alliance has decided, not before a delay: OpenZeppelin's TimelockController, under a name of our own so that it is
/// compiled, deployed and verified with the rest. It holds the roles of the {Authority}; the {AllianceGovernor} alone proposes, cancels and executes.
contract AllianceTimelock is TimelockController {
    constructor(
        uint256 minDelay,
        address[] memory proposers,
        address[] memory executors,
        address admin
    ) TimelockController(minDelay, proposers, executors, admin) {}
}
