// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// solhint-disable const-name-snakecase, interface-starts-with-i

/// @notice The cheat codes that the Solidity tests use; Hardhat's test runner and Foundry's understand them alike.
/// @dev The forge-std of the npm registry is old and wants a package that is not there, so the tests name these few themselves.
interface CheatCodes {
    function addr(uint256 key) external returns (address);
    function sign(uint256 key, bytes32 digest) external returns (uint8 v, bytes32 r, bytes32 s);
    function prank(address sender) external;
    function deal(address account, uint256 balance) external;
    function warp(uint256 timestamp) external;
    function roll(uint256 blockNumber) external;
    function chainId(uint256 id) external;
    function etch(address account, bytes calldata code) external;
    function load(address account, bytes32 slot) external view returns (bytes32);
    function assume(bool condition) external;
    function expectRevert(bytes calldata data) external;
    function expectRevert() external;
}

/// @notice Base of every Solidity test: the cheat codes and assertions whose failure shows the values.
abstract contract Cheats {
    error NotEqual(bytes32 found, bytes32 expected, string what);
    error NotTrue(string what);

    CheatCodes internal constant vm = CheatCodes(address(uint160(uint256(keccak256("hevm cheat code")))));

    function isTrue(bool holds, string memory what) internal pure {
        if (!holds) revert NotTrue(what);
    }

    function equal(bytes32 found, bytes32 expected, string memory what) internal pure {
        if (found != expected) revert NotEqual(found, expected, what);
    }

    function equal(uint256 found, uint256 expected, string memory what) internal pure {
        equal(bytes32(found), bytes32(expected), what);
    }

    function equal(address found, address expected, string memory what) internal pure {
        equal(bytes32(uint256(uint160(found))), bytes32(uint256(uint160(expected))), what);
    }

    /// @dev `value` folded into `least..most`, evenly enough for tests.
    function within(uint256 value, uint256 least, uint256 most) internal pure returns (uint256) {
        return least + (value % (most - least + 1));
    }
}
