// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice Who decides a dispute, in one word; zero for the panel with as many arbitrators as it sees fit.
/// @dev [0..159] an ERC-792 arbitrator, zero for the panel; [160..223] its court, as Kleros counts them; [224..239] how many arbitrators.
type Forum is uint256;

using {arbitrator, court, jurors} for Forum global;

function arbitrator(Forum forum) pure returns (address) {
    return address(uint160(Forum.unwrap(forum)));
}

function court(Forum forum) pure returns (uint256) {
    return uint64(Forum.unwrap(forum) >> 160);
}

function jurors(Forum forum) pure returns (uint256) {
    return uint16(Forum.unwrap(forum) >> 224);
}
