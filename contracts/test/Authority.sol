// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @notice OpenZeppelin's AccessManager, under a name of our own so that the compiler builds it for tests.
contract Authority is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}
