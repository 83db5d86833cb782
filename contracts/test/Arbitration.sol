// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

// solhint-disable avoid-low-level-calls

import {CentralizedArbitratorWithAppeal} from "@kleros/erc-792/contracts/examples/CentralizedArbitratorWithAppeal.sol";

import {IArbitrable} from "../interfaces/IArbitrable.sol";
import {IArbitrator} from "../interfaces/IArbitrator.sol";
import {Role} from "../types/Role.sol";

/// @notice The peer: Kleros' own centralised arbitrator, as published.
contract KlerosCentralizedArbitrator is CentralizedArbitratorWithAppeal {}

/// @notice Says of each account what it was told; the panel asks the alliance nothing else.
contract AllianceDouble {
    mapping(address account => mapping(Role role => bool)) public isMember;

    function set(address account, Role role, bool member) external {
        isMember[account][role] = member;
    }
}

/// @notice An arbitrator that numbers, prices and rules as it is told, and calls back where it is told to.
contract HostileArbitrator is IArbitrator {
    error Refused();

    uint256 public nextId;
    uint256 public cost;
    bool public refuses;
    address private _target;
    bytes private _data;
    /// @notice Why its call back did not go through, the first four bytes.
    bytes4 public reason;
    bool public succeeded;
    bytes public heard;

    receive() external payable {}

    function behave(uint256 nextId_, uint256 cost_, bool refuses_) external {
        (nextId, cost, refuses) = (nextId_, cost_, refuses_);
    }

    function callBack(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function execute(address target, bytes calldata data) external payable {
        (bool success, bytes memory answer) = target.call{value: msg.value}(data);
        if (success) return;
        assembly ("memory-safe") {
            revert(add(answer, 0x20), mload(answer))
        }
    }

    function createDispute(uint256, bytes calldata extraData) external payable returns (uint256) {
        if (refuses) revert Refused();
        heard = extraData;
        _callBack();
        return nextId;
    }

    function appeal(uint256, bytes calldata extraData) external payable {
        if (refuses) revert Refused();
        heard = extraData;
        _callBack();
    }

    function giveRuling(IArbitrable arbitrable, uint256 disputeId, uint256 ruling) external {
        arbitrable.rule(disputeId, ruling);
    }

    function arbitrationCost(bytes calldata) external view returns (uint256) {
        return cost;
    }

    function appealCost(uint256, bytes calldata) external view returns (uint256) {
        return cost;
    }

    function appealPeriod(uint256) external pure returns (uint256, uint256) {
        return (0, 0);
    }

    function disputeStatus(uint256) external pure returns (DisputeStatus) {
        return DisputeStatus.Waiting;
    }

    function currentRuling(uint256) external pure returns (uint256) {
        return 0;
    }

    function _callBack() private {
        if (_target == address(0)) return;
        bytes memory answer;
        (succeeded, answer) = _target.call(_data);
        reason = bytes4(answer);
    }
}

/// @notice What an arbitrable may do when it is ruled on.
enum Reaction {
    Take,
    Refuse,
    BurnEverything,
    Bomb,
    ExecuteAgain
}

/// @notice Asks a panel for rulings, and takes them as it is told.
contract HostileArbitrable is IArbitrable {
    error Refused();

    IArbitrator private immutable ARBITRATOR;
    Reaction private _reaction;
    uint256 public ruled;
    uint256 public lastRuling;
    bool public executedAgain;

    constructor(IArbitrator arbitrator) {
        ARBITRATOR = arbitrator;
    }

    receive() external payable {}

    function behave(Reaction reaction) external {
        _reaction = reaction;
    }

    function create(uint256 choices, bytes calldata extraData) external payable returns (uint256) {
        return ARBITRATOR.createDispute{value: msg.value}(choices, extraData);
    }

    function appeal(uint256 disputeId, bytes calldata extraData) external payable {
        ARBITRATOR.appeal{value: msg.value}(disputeId, extraData);
    }

    function rule(uint256 disputeId, uint256 ruling) external {
        if (_reaction == Reaction.Refuse) revert Refused();
        if (_reaction == Reaction.BurnEverything) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        if (_reaction == Reaction.Bomb) {
            assembly ("memory-safe") {
                revert(0, 60000)
            }
        }
        if (_reaction == Reaction.ExecuteAgain) {
            (executedAgain, ) = msg.sender.call(abi.encodeWithSignature("execute(uint256)", disputeId));
        }
        ++ruled;
        lastRuling = ruling;
        emit Ruling(IArbitrator(msg.sender), disputeId, ruling);
    }
}
