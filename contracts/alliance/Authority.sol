// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @title Authority
/// @notice Who may do the few things that are not everybody's right: OpenZeppelin's AccessManager, under a name of our own so that it
/// is compiled, deployed and verified with the rest.
///
/// What its roles reach, and nothing else: the currencies of {IRevenueSplitter-setCurrency}, the freezing and refuting of
/// {ICopyrightTitle}, and, once, the wiring of the contracts at deployment. No role can change a deposit, take a title or a license,
/// or touch credited money.
contract Authority is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}
