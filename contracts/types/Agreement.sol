// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What both sides sign. Its EIP-712 struct hash is the agreement's id.
///
/// Period `i`, from 0, lasts from `startsAt + i · period` for `period` seconds. In each period there may fall due
/// - an instalment, at the period's beginning;
/// - the period's usage, at its end plus `reportWithin`: `units · unitPrice` as reported, at least `minimum`.
///
/// What is due is to be paid within `payWithin`; from then on it is late, without consequence for `grace`, and then in cure for `cure` seconds,
/// after which the agreement is breached. A report that is not there at the end of `reportWithin` is late from that second. All four windows
/// together fit into a period, so that one default is over before the next can begin.
///
/// @param workId The deposit's id in the {ICopyrightRegistry}.
/// @param licensee Gets the license, and the deposit back.
/// @param currency ERC-20 that the {IRevenueSplitter} takes, or zero for the chain's own coin.
/// @param startsAt First second of the first period, since 1970, and last second at which the agreement can be activated.
/// @param period Seconds of a period.
/// @param periods How many there are; zero for an agreement that the down payment fulfils.
/// @param instalment Payable at each period's beginning, in the currency's smallest unit; zero if there are none.
/// @param minimum Guaranteed for each period, payable after its end; zero if nothing is guaranteed.
/// @param unitPrice For each unit that the licensee reports; zero if usage is not reported.
/// @param reportWithin Seconds after a period's end in which its usage is to be reported.
/// @param payWithin Seconds after the due date in which payment is in time.
/// @param grace Seconds of lateness after that without consequence.
/// @param cure Seconds after that in which payment still averts the breach; at least 1, so that what can be done only when it is due can be done.
/// @param grant EIP-712 struct hash of the {GrantTerms}. Wallets sign the terms themselves; later calls need only the hash.
struct Agreement {
    uint256 workId;
    address licensee;
    address currency;
    uint40 startsAt;
    uint40 period;
    uint16 periods;
    uint96 instalment;
    uint96 minimum;
    uint96 unitPrice;
    uint40 reportWithin;
    uint40 payWithin;
    uint40 grace;
    uint40 cure;
    bytes32 grant;
}

/// @notice What counts once, when the agreement is activated: the money then, and the license, which runs from then on.
/// @param licensor Must be the work's rights holder at activation.
/// @param downPayment Paid in full when the agreement is activated.
/// @param deposit Lodged when the agreement is activated; secures what the licensee owes, and goes back to him when he has fulfilled.
/// The other fields are as in {Offer}.
struct GrantTerms {
    address licensor;
    uint96 downPayment;
    uint96 deposit;
    uint40 duration;
    bool exclusive;
    uint16 territories;
    uint16 channels;
    uint8 rights;
    bool transferable;
    uint16 resaleBps;
    uint16 derivativeBps;
    bytes32 document;
}

/// @notice How an agreement stands at a second.
enum AgreementStatus {
    /// Not activated.
    None,
    /// Nothing is to be done now.
    Active,
    /// Something is to be paid or reported, and there is time.
    Due,
    /// Something is late, within the grace period.
    Overdue,
    /// Something is late beyond the grace period; doing it averts the breach.
    InCure,
    /// Something was not done within the cure period. The license is suspended until everything due is done.
    Breached,
    /// Everything is paid and reported, to the last period.
    Fulfilled,
    /// Ended, or withdrawn before it was activated. Final.
    Terminated
}

/// @notice The books of an agreement at a second.
/// @param owed Due by now and not paid, in the currency's smallest unit; for a terminated agreement due by its end.
/// @param surplus Paid beyond what is due by now.
/// @param reported Periods reported so far; the next report is for the period of this number.
/// @param dueAt Due date, passed or to come, of the oldest instalment or usage that is not paid. Zero if none is known, or if the
/// agreement is breached or terminated: then everything owed is due at once.
/// @param breachAt First second of the breach, if nothing more is paid or reported; for a terminated agreement the second of its end. Zero if
/// nothing is left to be done.
struct AgreementBooks {
    AgreementStatus status;
    uint256 owed;
    uint256 surplus;
    uint256 reported;
    uint256 dueAt;
    uint256 breachAt;
}
