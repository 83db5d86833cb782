// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";

/// @notice OpenZeppelin's, under a name of ours so that tests can deploy it.
contract Access is AccessManager {
    constructor(address admin) AccessManager(admin) {}
}
