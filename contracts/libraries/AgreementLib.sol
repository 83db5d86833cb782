// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {Agreement, GrantTerms} from "../types/Agreement.sol";
import {AgreementState, NEVER} from "../types/AgreementState.sol";

/// @title AgreementLib
/// @notice An agreement's id, and its schedule in closed form: no question about it needs a loop.
///
/// With `n` periods, what falls due, in order of time, is
///
///     instalment 0; instalment 1, usage 0; instalment 2, usage 1; … instalment n-1, usage n-2; usage n-1
///
/// and each group between two semicolons but the first and the last adds up to the same.
library AgreementLib {
    bytes32 internal constant GRANT_TYPEHASH = keccak256(
        "GrantTerms(address licensor,uint96 downPayment,uint96 deposit,uint40 duration,bool exclusive,uint16 territories,uint16 channels,uint8 rights,bool transferable,uint16 resaleBps,uint16 derivativeBps,bytes32 document)"
    );

    bytes32 internal constant AGREEMENT_TYPEHASH = keccak256(
        "Agreement(uint256 workId,address licensee,address currency,uint40 startsAt,uint40 period,uint16 periods,uint96 instalment,uint96 minimum,uint96 unitPrice,uint40 reportWithin,uint40 payWithin,uint40 grace,uint40 cure,GrantTerms grant)GrantTerms(address licensor,uint96 downPayment,uint96 deposit,uint40 duration,bool exclusive,uint16 territories,uint16 channels,uint8 rights,bool transferable,uint16 resaleBps,uint16 derivativeBps,bytes32 document)"
    );

    /* HASHES */

    /// @return agreementId EIP-712 `hashStruct` of the agreement, the hash of the grant's terms standing for them.
    /// @dev Calldata with dirty bits has a hash that nobody signs, and that is refused when the agreement is activated.
    function id(Agreement calldata agreement) internal pure returns (bytes32 agreementId) {
        bytes32 typeHash = AGREEMENT_TYPEHASH;
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            calldatacopy(add(free, 0x20), agreement, 0x1c0)
            agreementId := keccak256(free, 0x1e0)
        }
    }

    /// @return EIP-712 `hashStruct` of the terms.
    function hash(GrantTerms calldata terms) internal pure returns (bytes32) {
        return keccak256(abi.encode(GRANT_TYPEHASH, terms));
    }

    /* SCHEDULE */

    // Unchecked: {LicenseAgreements} takes only agreements all of whose dates fit 40 bits, whose sums fit 96, and with fewer than 2^12
    // periods; what the state holds fits 104 bits with its sign.

    /// @return First second after a period.
    function endOf(Agreement calldata agreement, uint256 index) internal pure returns (uint256) {
        unchecked {
            return agreement.startsAt + (index + 1) * agreement.period;
        }
    }

    /// @return Second at which a period's report is late and its usage is due.
    function usageDueAt(Agreement calldata agreement, uint256 index) internal pure returns (uint256) {
        unchecked {
            return endOf(agreement, index) + agreement.reportWithin;
        }
    }

    /// @return Instalments and minima over all periods.
    function total(Agreement calldata agreement) internal pure returns (uint256) {
        unchecked {
            return agreement.periods * (uint256(agreement.instalment) + agreement.minimum);
        }
    }

    /// @return due All that has fallen due by `time`.
    function dueBy(
        Agreement calldata agreement,
        AgreementState state,
        uint256 time
    ) internal pure returns (uint256 due) {
        uint256 startsAt = agreement.startsAt;
        uint256 count = agreement.periods;
        if (count == 0 || time < startsAt) return 0;

        unchecked {
            uint256 elapsed = time - startsAt;
            uint256 begun = elapsed / agreement.period + 1;
            due = (begun < count ? begun : count) * agreement.instalment;
            if (elapsed >= agreement.reportWithin) {
                uint256 reportable = (elapsed - agreement.reportWithin) / agreement.period;
                due += (reportable < count ? reportable : count) * agreement.minimum;
            }
            if (state.reported() != 0 && time >= usageDueAt(agreement, state.reported() - 1)) due += state.lastExcess();
        }
    }

    /// @return Due date of the oldest item that is not paid; {NEVER} if there is none. For a breached agreement it may be too early, because
    /// usage beyond the minimum of all periods but the last counts as if it had been due first.
    function oldestDueAt(Agreement calldata agreement, AgreementState state) internal pure returns (uint256) {
        unchecked {
            int256 paid = state.net();
            uint256 dueAt = _firstNotCovered(agreement, paid);
            uint256 excess = state.lastExcess();
            if (excess == 0) return dueAt;

            // Usage beyond the minimum belongs behind everything that was due until then, and before everything after.
            uint256 excessDueAt = usageDueAt(agreement, state.reported() - 1);
            if (dueAt <= excessDueAt) return dueAt;
            dueAt = _firstNotCovered(agreement, paid - int256(excess));
            return dueAt < excessDueAt ? excessDueAt : dueAt;
        }
    }

    /// @return Second at which the next report is late; {NEVER} if no more is wanted.
    function reportLateAt(Agreement calldata agreement, AgreementState state) internal pure returns (uint256) {
        uint256 next = state.reported();
        return agreement.unitPrice != 0 && next < agreement.periods ? usageDueAt(agreement, next) : NEVER;
    }

    /// @return First second of the breach if nothing more is done; {NEVER} if nothing is left to be done.
    function breachAfter(Agreement calldata agreement, AgreementState state) internal pure returns (uint256) {
        unchecked {
            uint256 lateAt = reportLateAt(agreement, state);
            uint256 dueAt = oldestDueAt(agreement, state);
            if (dueAt != NEVER) {
                dueAt += agreement.payWithin;
                if (dueAt < lateAt) lateAt = dueAt;
            }
            return lateAt == NEVER ? NEVER : lateAt + agreement.grace + agreement.cure;
        }
    }

    /// @dev The first instalment or minimum, in order of time, that `covered` does not reach.
    function _firstNotCovered(Agreement calldata agreement, int256 covered) private pure returns (uint256) {
        unchecked {
            uint256 instalment = agreement.instalment;
            if (covered < int256(instalment)) return instalment != 0 ? agreement.startsAt : usageDueAt(agreement, 0);

            uint256 minimum = agreement.minimum;
            uint256 group = instalment + minimum;
            if (group == 0) return NEVER;
            uint256 last = uint256(agreement.periods) - 1;
            uint256 rest = uint256(covered) - instalment;
            uint256 index = rest / group;
            if (index < last) {
                rest -= index * group;
                return rest < instalment ? endOf(agreement, index) : usageDueAt(agreement, index);
            }
            rest -= last * group;
            return rest < minimum ? usageDueAt(agreement, last) : NEVER;
        }
    }
}
