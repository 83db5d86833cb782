// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AgreementState} from "../../contracts/types/AgreementState.sol";
import {ClaimState, filedClaim} from "../../contracts/types/ClaimState.sol";
import {IdentityWord, packIdentityWord} from "../../contracts/types/IdentityWord.sol";
import {ClaimOutcome, ClaimPhase} from "../../contracts/types/InfringementClaim.sol";
import {Offer} from "../../contracts/types/Offer.sol";
import {RevenueWord, RevenueWordLib} from "../../contracts/types/RevenueWord.sol";
import {Terms, TermsLib} from "../../contracts/types/Terms.sol";
import {TitleState} from "../../contracts/types/TitleState.sol";
import {Word, WordLib} from "../../contracts/types/Word.sol";

/// @notice Words that hold several fields: what was written is read again, and a write changes no other field. Every property starts from any
/// word whatever, so it holds after any history.
contract WordProperties {
    using RevenueWordLib for RevenueWord;

    /* IDENTITY */

    function check_identityRoundTrip(
        uint40 from,
        uint40 until,
        uint40 latest,
        uint8 level,
        uint32 by,
        uint32 earlier
    ) external pure {
        IdentityWord word = packIdentityWord(from, until, latest, level, by, earlier);
        assert(word.from() == from && word.until() == until && word.latest() == latest);
        assert(word.level() == level && word.verifier() == by && word.earlier() == earlier);
    }

    function check_identityUntil(uint256 raw, uint40 value) external pure {
        IdentityWord word = IdentityWord.wrap(raw);
        assert(word.withUntil(value).until() == value);
        assert(_differs(raw, IdentityWord.unwrap(word.withUntil(value)), 40, 40));
    }

    function check_identityLatest(uint256 raw, uint40 value) external pure {
        IdentityWord word = IdentityWord.wrap(raw);
        assert(word.withLatest(value).latest() == value);
        assert(_differs(raw, IdentityWord.unwrap(word.withLatest(value)), 80, 40));
    }

    /* CLAIMS */

    function check_filedClaim(uint40 until, uint96 bond, uint16 distance, bool suspect) external pure {
        if (distance > 256) return;
        uint256 distancePlusOne = uint256(distance) + 1;
        ClaimState state = filedClaim(until, bond, distancePlusOne, suspect);
        assert(state.phase() == ClaimPhase.Filed && state.outcome() == ClaimOutcome.None);
        assert(state.deadline() == until && state.bond() == bond && state.distancePlusOne() == distancePlusOne);
        assert(state.hasSuspect() == suspect && state.appeals() == 0);
        assert(!state.isAnswered() && !state.hasAnswerBond() && !state.isForumAccepted());
        assert(!state.isInBackup() && !state.hasFreeze());
    }

    function check_claimPhaseMovesOn(uint256 raw, uint8 to) external pure {
        // What a claim can be in and come to.
        if (uint8(raw) > to || to > uint8(type(ClaimPhase).max)) return;
        ClaimState state = ClaimState.wrap(raw).withPhase(ClaimPhase(to));
        assert(uint8(state.phase()) == to);
        assert(_differs(raw, ClaimState.unwrap(state), 0, 8));
    }

    function check_claimOutcome(uint256 raw, uint8 value) external pure {
        // An outcome is written once.
        if (uint8(raw >> 8) != 0 || value > uint8(type(ClaimOutcome).max)) return;
        ClaimState state = ClaimState.wrap(raw).withOutcome(ClaimOutcome(value));
        assert(uint8(state.outcome()) == value);
        assert(_differs(raw, ClaimState.unwrap(state), 8, 8));
    }

    function check_claimDeadline(uint256 raw, uint40 value) external pure {
        ClaimState state = ClaimState.wrap(raw).withDeadline(value);
        assert(state.deadline() == value);
        assert(_differs(raw, ClaimState.unwrap(state), 16, 40));
    }

    function check_claimAnswer(uint256 raw, bool bonded, bool accepted) external pure {
        // Nobody answers twice.
        if ((raw >> 165) & 7 != 0) return;
        ClaimState state = ClaimState.wrap(raw).withAnswer(bonded, accepted);
        assert(state.isAnswered() && state.hasAnswerBond() == bonded && state.isForumAccepted() == accepted);
        assert(_differs(raw, ClaimState.unwrap(state), 165, 3));
    }

    function check_claimAppeals(uint256 raw) external pure {
        ClaimState state = ClaimState.wrap(raw);
        uint256 before = state.appeals();
        // InfringementClaims refuses the fourth.
        if (before == 3) return;
        assert(state.withAppeal().appeals() == before + 1);
        assert(_differs(raw, ClaimState.unwrap(state.withAppeal()), 162, 2));
    }

    function check_claimBackup(uint256 raw) external pure {
        ClaimState state = ClaimState.wrap(raw).withBackup();
        assert(state.isInBackup() && state.appeals() == 0);
        uint256 changed = raw ^ ClaimState.unwrap(state);
        assert(changed & ~(uint256(3) << 162) & ~(uint256(1) << 168) == 0);
    }

    function check_claimFreeze(uint256 raw) external pure {
        ClaimState state = ClaimState.wrap(raw).withFreeze();
        assert(state.hasFreeze());
        assert(_differs(raw, ClaimState.unwrap(state), 169, 1));
    }

    /* TITLES */

    function check_titleFrozenUntil(uint256 raw, uint40 value) external pure {
        TitleState state = TitleState.wrap(raw).withFrozenUntil(value);
        assert(state.frozenUntil() == value);
        assert(_differs(raw, TitleState.unwrap(state), 32, 40));
    }

    function check_titleRoyalty(uint256 raw, uint16 value) external pure {
        TitleState state = TitleState.wrap(raw).withRoyalty(value);
        assert(state.royaltyBps() == value);
        assert(_differs(raw, TitleState.unwrap(state), 72, 16));
    }

    function check_titleCreator(uint256 raw, address creator) external pure {
        // It is written once.
        if (raw >> 96 != 0) return;
        TitleState state = TitleState.wrap(raw).withCreator(creator);
        assert(state.creator() == creator);
        assert(_differs(raw, TitleState.unwrap(state), 96, 160));
    }

    function check_titleEpoch(uint256 raw) external pure {
        if (uint32(raw) == type(uint32).max) return;
        TitleState state = TitleState.wrap(raw).withNextEpoch();
        assert(state.epoch() == uint256(uint32(raw)) + 1);
        assert(_differs(raw, TitleState.unwrap(state), 0, 32));
    }

    function check_titleMarks(uint256 raw) external pure {
        TitleState state = TitleState.wrap(raw);
        assert(state.withRefuted().refuted() && _differs(raw, TitleState.unwrap(state.withRefuted()), 88, 1));
        assert(
            state.withTransferred().transferred() && _differs(raw, TitleState.unwrap(state.withTransferred()), 89, 1)
        );
    }

    /* AGREEMENTS */

    function check_agreementNet(uint256 raw, int104 value) external pure {
        AgreementState state = AgreementState.wrap(raw).withNet(value);
        assert(state.net() == value);
        assert(_differs(raw, AgreementState.unwrap(state), 0, 104));
    }

    function check_agreementExcess(uint256 raw, uint96 value) external pure {
        AgreementState state = AgreementState.wrap(raw).withLastExcess(value);
        assert(state.lastExcess() == value);
        assert(_differs(raw, AgreementState.unwrap(state), 104, 96));
    }

    function check_agreementBreach(uint256 raw, uint40 value) external pure {
        AgreementState state = AgreementState.wrap(raw).withBreachAt(value);
        assert(state.breachAt() == value);
        assert(_differs(raw, AgreementState.unwrap(state), 200, 40));
    }

    function check_agreementReport(uint256 raw, int104 net, uint96 excess) external pure {
        AgreementState state = AgreementState.wrap(raw);
        if (state.reported() == 4_095) return;
        AgreementState next = state.withReport(net, excess);
        assert(next.net() == net && next.lastExcess() == excess);
        assert(next.reported() == state.reported() + 1);
        uint256 changed = raw ^ AgreementState.unwrap(next);
        assert(changed & ~uint256(type(uint200).max) & ~(uint256(0xfff) << 240) == 0);
    }

    function check_agreementRuns(uint256 raw) external pure {
        AgreementState state = AgreementState.wrap(raw);
        assert(state.isRunning() == (state.isActivated() && !state.isTerminated()));
    }

    /* REVENUE */

    function check_revenueSplit(uint256 raw, uint256 split) external pure {
        split &= RevenueWordLib.SPLIT_MASK;
        RevenueWord word = RevenueWord.wrap(raw).withSplit(split);
        assert(word.split() == split);
        assert(_differs(raw, RevenueWord.unwrap(word), 0, 234));
    }

    function check_revenueDerivative(uint256 raw, uint256 total) external pure {
        // It is registered once, and ancestors are owed the whole at most.
        if ((raw >> 234) & ((1 << 21) - 1) != 0 || total > 1e6) return;
        RevenueWord word = RevenueWord.wrap(raw).asDerivative(total);
        assert(word.isDerivative() && word.total() == total);
        assert(_differs(raw, RevenueWord.unwrap(word), 234, 21));
    }

    /* LICENSES */

    function check_termsOfOffer(Offer calldata offer) external pure {
        Terms terms = TermsLib.pack(offer);
        assert(terms.sold() == 0 && terms.supply() == offer.supply && terms.closesAt() == offer.closesAt);
        assert(terms.epoch() == offer.epoch && terms.duration() == offer.duration && terms.rights() == offer.rights);
        assert(terms.territories() == offer.territories && terms.channels() == offer.channels);
        assert(terms.resaleBps() == offer.resaleBps && terms.derivativeBps() == offer.derivativeBps);
        assert(terms.isExclusive() == offer.exclusive && terms.isTransferable() == offer.transferable);
        assert(terms.isRenewable() == offer.renewable && !terms.isUnderAgreement() && !terms.isOpened());
        assert(!terms.isCancelled() && !terms.isSigned());
    }

    function check_termsCountSales(uint256 raw) external pure {
        Terms terms = Terms.wrap(raw);
        // LicenseToken sells no more than the supply, which fits the same 24 bits.
        if (terms.sold() >= terms.supply()) return;
        assert(terms.withOneMoreSold().sold() == terms.sold() + 1);
        assert(_differs(raw, Terms.unwrap(terms.withOneMoreSold()), 0, 24));
    }

    /* DEPOSITS */

    function check_depositRoundTrip(address by, uint40 time, uint40 blockNumber) external pure {
        Word word = WordLib.pack(by, time, blockNumber) | WordLib.SIGNED;
        assert(WordLib.toDeposit(word).claimant == by && WordLib.toDeposit(word).depositedAt == time);
        assert(
            WordLib.toDeposit(word).recordedIn == blockNumber &&
                Word.unwrap(word) >> 240 == Word.unwrap(WordLib.SIGNED) >> 240
        );
    }

    /// @dev Whether two words differ in no bits but `width` of them from bit `first` on.
    function _differs(uint256 a, uint256 b, uint256 first, uint256 width) private pure returns (bool) {
        return (a ^ b) & ~(((1 << width) - 1) << first) == 0;
    }
}
