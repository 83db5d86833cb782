// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {IArbitrable} from "./IArbitrable.sol";

/// @title IArbitrator
/// @notice Who decides disputes for a fee in the chain's own coin, as ERC-792 has it: the {IArbitrationPanel}, Kleros, or anybody else.
interface IArbitrator {
    enum DisputeStatus {
        Waiting,
        Appealable,
        Solved
    }

    event DisputeCreation(uint256 indexed disputeId, IArbitrable indexed arbitrable);
    event AppealPossible(uint256 indexed disputeId, IArbitrable indexed arbitrable);
    event AppealDecision(uint256 indexed disputeId, IArbitrable indexed arbitrable);

    /// @notice Opens a dispute of the caller, who must answer to {IArbitrable-rule}, for at least {arbitrationCost}.
    /// @param choices Rulings that may be given beside zero, which says that there is none.
    /// @param extraData What the arbitrator wants to know; Kleros reads the court and the number of jurors, a word each.
    function createDispute(uint256 choices, bytes calldata extraData) external payable returns (uint256 disputeId);

    /// @notice What a dispute costs, in wei.
    function arbitrationCost(bytes calldata extraData) external view returns (uint256 cost);

    /// @notice Asks for another round of deliberation, for at least {appealCost}.
    function appeal(uint256 disputeId, bytes calldata extraData) external payable;

    /// @notice What an appeal costs, in wei.
    function appealCost(uint256 disputeId, bytes calldata extraData) external view returns (uint256 cost);

    /// @notice When an appeal is taken, in seconds since 1970; both zero if none is.
    function appealPeriod(uint256 disputeId) external view returns (uint256 start, uint256 end);

    function disputeStatus(uint256 disputeId) external view returns (DisputeStatus status);

    /// @notice The ruling given, or that will be given if nobody appeals.
    function currentRuling(uint256 disputeId) external view returns (uint256 ruling);
}
