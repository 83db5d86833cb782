// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// solhint-disable reason-string

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {SignatureLib} from "../libraries/SignatureLib.sol";

/// @notice An honest contract wallet: its owner's ECDSA signature counts, until the owner is changed.
contract OwnedWallet is IERC1271 {
    address public owner;

    constructor(address firstOwner) {
        owner = firstOwner;
    }

    function changeOwner(address nextOwner) external {
        owner = nextOwner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view virtual returns (bytes4) {
        (address recovered, , ) = ECDSA.tryRecoverCalldata(hash, signature);
        return recovered == owner && recovered != address(0) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @notice A contract wallet that takes one signature, of any bytes, over one digest.
contract PickyWallet is IERC1271 {
    bytes32 private expected;

    function expectToBeAsked(bytes32 hash, bytes calldata signature) external {
        expected = keccak256(abi.encode(hash, signature));
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return keccak256(abi.encode(hash, signature)) == expected ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}

/// @notice What a wallet that means harm, or was written badly, may answer when it is asked for a signature.
enum Answer {
    Yes,
    No,
    Revert,
    Nothing,
    Short,
    DirtyTail,
    LongAndYes,
    Bomb,
    BurnEverything,
    YesAfter120kGas
}

/// @notice Answers as it was told at birth, whatever the signature.
contract HostileWallet {
    Answer private immutable ANSWER;

    constructor(Answer answer) {
        ANSWER = answer;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        uint256 yes = uint256(uint32(IERC1271.isValidSignature.selector)) << 224;
        Answer answer = ANSWER;
        if (answer == Answer.No) return bytes4(0xffffffff);
        if (answer == Answer.Revert) revert(); // solhint-disable-line gas-custom-errors
        if (answer == Answer.YesAfter120kGas) {
            uint256 start = gasleft();
            while (start - gasleft() < 120_000) {}
        }
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, yes)
            switch answer
            case 3 {
                return(free, 0)
            }
            case 4 {
                return(free, 4)
            }
            case 5 {
                mstore(free, or(yes, 1))
            }
            case 6 {
                return(free, 1024)
            }
            case 7 {
                // As much as 100,000 gas of memory can hold.
                revert(free, 190000)
            }
            case 8 {
                invalid()
            }
            return(free, 0x20)
        }
    }
}

/// @notice Asks wallets as every contract does, from memory that holds nothing yet: an answer cut short is then followed by the zeros that a
/// whole one would have.
contract SignatureDouble {
    function isVouchedFor(address signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return SignatureLib.isVouchedFor(signer, digest, signature);
    }
}
