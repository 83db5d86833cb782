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

    /* FIELDS */

    // Where the words of an agreement lie in calldata, from its beginning.
    uint256 internal constant LICENSEE = 0x20;
    uint256 internal constant CURRENCY = 0x40;
    uint256 internal constant STARTS_AT = 0x60;
    uint256 internal constant PERIOD = 0x80;
    uint256 internal constant PERIODS = 0xa0;
    uint256 internal constant INSTALMENT = 0xc0;
    uint256 internal constant MINIMUM = 0xe0;
    uint256 internal constant UNIT_PRICE = 0x100;
    uint256 internal constant REPORT_WITHIN = 0x120;
    uint256 internal constant PAY_WITHIN = 0x140;
    uint256 internal constant GRACE = 0x160;
    uint256 internal constant CURE = 0x180;

    /// @dev A field as it lies in calldata, with the bits beside it. For agreements that were activated, which have none: {LicenseAgreements}
    /// puts the whole agreement into an event when it is activated, and that refuses them. Every call reads some twenty fields, and the
    /// compiler's own check of each costs five times what reading it does.
    function word(Agreement calldata agreement, uint256 field) internal pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := calldataload(add(agreement, field))
        }
    }

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
            return word(agreement, STARTS_AT) + (index + 1) * word(agreement, PERIOD);
        }
    }

    /// @return Second at which a period's report is late and its usage is due.
    function usageDueAt(Agreement calldata agreement, uint256 index) internal pure returns (uint256) {
        unchecked {
            return endOf(agreement, index) + word(agreement, REPORT_WITHIN);
        }
    }

    /// @return Instalments and minima over all periods.
    function total(Agreement calldata agreement) internal pure returns (uint256) {
        unchecked {
            return word(agreement, PERIODS) * (word(agreement, INSTALMENT) + word(agreement, MINIMUM));
        }
    }

    /// @return due All that has fallen due by `time`.
    function dueBy(
        Agreement calldata agreement,
        AgreementState state,
        uint256 time
    ) internal pure returns (uint256 due) {
        uint256 startsAt = word(agreement, STARTS_AT);
        uint256 count = word(agreement, PERIODS);
        if (count == 0 || time < startsAt) return 0;

        unchecked {
            uint256 elapsed = time - startsAt;
            uint256 period = word(agreement, PERIOD);
            uint256 reportWithin = word(agreement, REPORT_WITHIN);
            uint256 begun = elapsed / period + 1;
            due = (begun < count ? begun : count) * word(agreement, INSTALMENT);
            if (elapsed >= reportWithin) {
                uint256 reportable = (elapsed - reportWithin) / period;
                due += (reportable < count ? reportable : count) * word(agreement, MINIMUM);
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
        if (next >= word(agreement, PERIODS)) return NEVER;
        return word(agreement, UNIT_PRICE) == 0 ? NEVER : usageDueAt(agreement, next);
    }

    /// @return First second of the breach if nothing more is done; {NEVER} if nothing is left to be done.
    function breachAfter(Agreement calldata agreement, AgreementState state) internal pure returns (uint256) {
        unchecked {
            uint256 lateAt = reportLateAt(agreement, state);
            // Never and some time is no earlier than never.
            uint256 unpaidAt = oldestDueAt(agreement, state) + word(agreement, PAY_WITHIN);
            if (unpaidAt < lateAt) lateAt = unpaidAt;
            return lateAt == NEVER ? NEVER : lateAt + word(agreement, GRACE) + word(agreement, CURE);
        }
    }

    /// @dev The first instalment or minimum, in order of time, that `covered` does not reach.
    function _firstNotCovered(Agreement calldata agreement, int256 covered) private pure returns (uint256 dueAt) {
        unchecked {
            uint256 instalment = word(agreement, INSTALMENT);
            if (covered < int256(instalment)) {
                return instalment != 0 ? word(agreement, STARTS_AT) : usageDueAt(agreement, 0);
            }
            uint256 minimum = word(agreement, MINIMUM);
            uint256 group = instalment + minimum;
            if (group == 0) return NEVER;
            uint256 last = word(agreement, PERIODS) - 1;
            uint256 rest = uint256(covered) - instalment;
            uint256 index;
            assembly ("memory-safe") {
                index := div(rest, group)
            }
            if (index < last) {
                dueAt = endOf(agreement, index);
                if (rest - index * group >= instalment) dueAt += word(agreement, REPORT_WITHIN);
                return dueAt;
            }
            return rest - last * group < minimum ? usageDueAt(agreement, last) : NEVER;
        }
    }
}
