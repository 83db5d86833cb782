// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

import {Attestation, IIdentityRegistry, Period} from "../interfaces/IIdentityRegistry.sol";
import {Errors} from "../libraries/Errors.sol";
import {SignatureLib} from "../libraries/SignatureLib.sol";
import {IdentityWord, packIdentityWord} from "../types/IdentityWord.sol";

/// @title IdentityRegistry
/// @notice Which accounts were verified, by whom, how well, and when; with digests only, and a past that nobody can change.
/// @dev The documentation is in {IIdentityRegistry}.
contract IdentityRegistry is IIdentityRegistry, EIP712, AccessManaged {
    /* CONSTANTS */

    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(address verifier,address subject,uint8 level,uint40 validFrom,uint40 expiry,bytes32 claim,uint256 deadline)"
    );

    bytes32 private constant REVOCATION_TYPEHASH = keccak256(
        "Revocation(address verifier,address subject,uint40 validFrom,uint256 deadline)"
    );

    /// @inheritdoc IIdentityRegistry
    uint256 public constant MAX_VERIFIERS = 16;

    /// @inheritdoc IIdentityRegistry
    uint256 public constant MAX_TERM = 1826 days;

    uint256 private constant MAX_LEVEL = 3;

    /// @inheritdoc IIdentityRegistry
    address public immutable ALLIANCE;

    /* STORAGE */

    /// @dev The number of a verifier, shifted up by one, and in the lowest bit whether he may attest now. The alliance writes it at every change of a
    /// role, because asking the alliance would cost each attestation 3,300 gas more.
    mapping(address account => uint256) private _verifiers;

    /// @dev Verifiers by number, from 1.
    mapping(uint256 number => address) private _accounts;

    uint256 private _lastNumber;

    /// @dev A subject has up to {MAX_VERIFIERS} lanes, each the timeline of one verifier. The place of a word is: [0..159] the subject, [160..167] the
    /// lane, [168..255] zero for the latest period, else the earlier period's index plus one.
    mapping(uint256 place => IdentityWord) private _words;

    /* CONSTRUCTOR */

    constructor(address alliance, address authority) EIP712("Colophon IdentityRegistry", "1") AccessManaged(authority) {
        if (alliance == address(0)) revert Errors.IdentityRegistry_AllianceZero();
        ALLIANCE = alliance;
    }

    /* ATTESTING */

    /// @inheritdoc IIdentityRegistry
    function attest(Attestation calldata attestation) external {
        _attest(msg.sender, _numberOfActive(msg.sender), attestation);
    }

    /// @inheritdoc IIdentityRegistry
    function attestMany(Attestation[] calldata attestations) external {
        uint256 count = attestations.length;
        if (count == 0) revert Errors.IdentityRegistry_BatchEmpty();
        uint256 number = _numberOfActive(msg.sender);
        for (uint256 i; i < count; ++i) _attest(msg.sender, number, attestations[i]);
    }

    /// @inheritdoc IIdentityRegistry
    function attestBySig(
        address verifier,
        Attestation calldata attestation,
        uint256 deadline,
        bytes calldata signature
    ) external {
        uint256 number = _numberOfActive(verifier);
        bytes32 structHash = keccak256(
            abi.encode(
                ATTESTATION_TYPEHASH,
                verifier,
                attestation.subject,
                attestation.level,
                attestation.validFrom,
                attestation.expiry,
                attestation.claim,
                deadline
            )
        );
        _checkSigned(verifier, structHash, deadline, signature);
        _attest(verifier, number, attestation);
    }

    /* REVOKING */

    /// @inheritdoc IIdentityRegistry
    function revoke(address subject) external {
        _revoke(subject, msg.sender, _numberOfActive(msg.sender));
    }

    /// @inheritdoc IIdentityRegistry
    function revokeMany(address[] calldata subjects) external {
        uint256 count = subjects.length;
        if (count == 0) revert Errors.IdentityRegistry_BatchEmpty();
        uint256 number = _numberOfActive(msg.sender);
        for (uint256 i; i < count; ++i) _revoke(subjects[i], msg.sender, number);
    }

    /// @inheritdoc IIdentityRegistry
    function revokeBySig(
        address verifier,
        address subject,
        uint40 validFrom,
        uint256 deadline,
        bytes calldata signature
    ) external {
        uint256 number = _numberOfActive(verifier);
        bytes32 structHash = keccak256(abi.encode(REVOCATION_TYPEHASH, verifier, subject, validFrom, deadline));
        _checkSigned(verifier, structHash, deadline, signature);
        uint256 latest = latestOf(subject, verifier);
        if (latest != validFrom) revert Errors.IdentityRegistry_NotLatest(validFrom, latest);
        _revoke(subject, verifier, number);
    }

    /// @inheritdoc IIdentityRegistry
    function renounce(address verifier) external {
        _revoke(msg.sender, verifier, _verifiers[verifier] >> 1);
    }

    /// @inheritdoc IIdentityRegistry
    function revokeFor(address verifier, address subject) external restricted {
        if (isVerifier(verifier)) revert Errors.IdentityRegistry_StillVerifier(verifier);
        _revoke(subject, verifier, _verifiers[verifier] >> 1);
    }

    /* VERIFIERS */

    /// @inheritdoc IIdentityRegistry
    function setVerifier(address account, bool active) external {
        if (msg.sender != ALLIANCE) revert Errors.IdentityRegistry_NotAlliance(msg.sender);
        uint256 found = _verifiers[account];
        if (found & 1 == (active ? 1 : 0)) return;

        uint256 number = found >> 1;
        if (number == 0) {
            number = ++_lastNumber;
            _accounts[number] = account;
        }
        _verifiers[account] = (number << 1) | (active ? 1 : 0);

        emit VerifierSet(account, active);
    }

    /* VIEWS */

    /// @inheritdoc IIdentityRegistry
    function levelAt(address subject, uint256 time) external view returns (uint8 level) {
        uint256 highest;
        for (uint256 lane; lane < MAX_VERIFIERS; ++lane) {
            uint256 place = _placeOf(subject, lane);
            IdentityWord head = _words[place];
            if (!head.exists()) break;
            uint256 found = _levelIn(place, head, time);
            if (found > highest) highest = found;
        }
        return uint8(highest);
    }

    /// @inheritdoc IIdentityRegistry
    function levelBy(address verifier, address subject, uint256 time) external view returns (uint8 level) {
        (uint256 place, IdentityWord head) = _laneOf(subject, verifier);
        return uint8(_levelIn(place, head, time));
    }

    /// @inheritdoc IIdentityRegistry
    function periodsOf(address subject, address verifier) external view returns (Period[] memory periods) {
        (uint256 place, IdentityWord head) = _laneOf(subject, verifier);
        if (!head.exists()) return periods;
        uint256 last = head.earlier();
        periods = new Period[](last + 1);
        for (uint256 i; i < last; ++i) periods[i] = _toPeriod(_words[_earlierPlace(place, i)]);
        periods[last] = _toPeriod(head);
    }

    /// @inheritdoc IIdentityRegistry
    function verifiersOf(address subject) external view returns (address[] memory accounts) {
        uint256 count;
        while (count < MAX_VERIFIERS && _words[_placeOf(subject, count)].exists()) ++count;
        accounts = new address[](count);
        for (uint256 lane; lane < count; ++lane) {
            accounts[lane] = _accounts[_words[_placeOf(subject, lane)].verifier()];
        }
    }

    /// @inheritdoc IIdentityRegistry
    function latestOf(address subject, address verifier) public view returns (uint40 validFrom) {
        (, IdentityWord head) = _laneOf(subject, verifier);
        return uint40(head.latest());
    }

    /// @inheritdoc IIdentityRegistry
    function isVerifier(address account) public view returns (bool) {
        return _verifiers[account] & 1 != 0;
    }

    /// @inheritdoc IIdentityRegistry
    function claimOf(address subject, bytes32 salt, bytes32 credentialHash) external pure returns (bytes32) {
        return keccak256(abi.encode(subject, salt, credentialHash));
    }

    /* INTERNAL */

    function _attest(address verifier, uint256 number, Attestation calldata attestation) private {
        address subject = attestation.subject;
        uint256 level = attestation.level;
        uint256 validFrom = attestation.validFrom;
        uint256 expiry = attestation.expiry;
        if (subject == address(0)) revert Errors.IdentityRegistry_AttestationInvalid("subject");
        if (level == 0 || level > MAX_LEVEL) revert Errors.IdentityRegistry_AttestationInvalid("level");
        if (validFrom > block.timestamp) revert Errors.IdentityRegistry_AttestationInvalid("validFrom");
        if (expiry <= block.timestamp || expiry > block.timestamp + MAX_TERM) {
            revert Errors.IdentityRegistry_AttestationInvalid("expiry");
        }
        if (attestation.claim == 0) revert Errors.IdentityRegistry_AttestationInvalid("claim");
        (uint256 place, IdentityWord head) = _laneFor(subject, number);
        if (validFrom <= head.latest()) revert Errors.IdentityRegistry_NotLater(validFrom, head.latest());

        _words[place] = _next(place, head, level, validFrom, expiry, number);

        emit Attested(subject, verifier, uint8(level), uint40(validFrom), uint40(expiry), attestation.claim);
    }

    /// @dev The word that follows `head` in its lane. Nothing of it, nor of what it moves to the earlier periods, says anything else of a
    /// second before this one than `head` did.
    function _next(
        uint256 place,
        IdentityWord head,
        uint256 level,
        uint256 validFrom,
        uint256 expiry,
        uint256 number
    ) private returns (IdentityWord) {
        uint256 earlier = head.earlier();
        // The same level without a break: the period goes on, with another end.
        if (head.level() == level && head.until() >= block.timestamp) {
            return head.withUntil(expiry).withLatest(validFrom);
        }
        // A period that began in this very second, or ended in the second in which it began, has no second, so it leaves none behind.
        if (head.from() < block.timestamp && head.from() < head.until()) {
            _words[_earlierPlace(place, earlier)] =
                head.until() > block.timestamp ? head.withUntil(block.timestamp) : head;
            ++earlier;
        }
        return packIdentityWord(block.timestamp, expiry, validFrom, level, number, earlier);
    }

    function _revoke(address subject, address verifier, uint256 number) private {
        (uint256 place, IdentityWord head) = _find(subject, number);
        if (head.until() <= block.timestamp) revert Errors.IdentityRegistry_NotInForce(subject, verifier);

        // `latest` is never in the future, so this only raises it: what was signed until now and not sent is void.
        _words[place] = head.withUntil(block.timestamp).withLatest(block.timestamp);

        emit AttestationRevoked(subject, verifier, msg.sender);
    }

    function _checkSigned(
        address verifier,
        bytes32 structHash,
        uint256 deadline,
        bytes calldata signature
    ) private view {
        if (block.timestamp > deadline) revert Errors.IdentityRegistry_SignatureExpired(deadline, block.timestamp);
        bytes32 digest = _hashTypedDataV4(structHash);
        if (!SignatureLib.isSignedBy(verifier, digest, signature)) {
            revert Errors.IdentityRegistry_SignatureInvalid(verifier, digest);
        }
    }

    function _numberOfActive(address account) private view returns (uint256) {
        uint256 found = _verifiers[account];
        if (found & 1 == 0) revert Errors.IdentityRegistry_NotVerifier(account);
        return found >> 1;
    }

    /// @dev The verifier's lane, or the first empty one.
    function _laneFor(address subject, uint256 number) private view returns (uint256 place, IdentityWord head) {
        for (uint256 lane; lane < MAX_VERIFIERS; ++lane) {
            place = _placeOf(subject, lane);
            head = _words[place];
            if (!head.exists() || head.verifier() == number) return (place, head);
        }
        revert Errors.IdentityRegistry_VerifiersFull(subject, MAX_VERIFIERS);
    }

    function _laneOf(address subject, address verifier) private view returns (uint256 place, IdentityWord head) {
        return _find(subject, _verifiers[verifier] >> 1);
    }

    /// @dev The lane of the verifier of this number; an empty word if there is none.
    function _find(address subject, uint256 number) private view returns (uint256 place, IdentityWord head) {
        for (uint256 lane; lane < MAX_VERIFIERS; ++lane) {
            place = _placeOf(subject, lane);
            head = _words[place];
            if (!head.exists() || head.verifier() == number) return (place, head);
        }
        head = IdentityWord.wrap(0);
    }

    /// @dev Level of one lane at a time: in its latest period, or in the last of the earlier ones that began by then.
    function _levelIn(uint256 place, IdentityWord head, uint256 time) private view returns (uint256) {
        if (time >= head.from()) return head.levelAt(time);
        uint256 low;
        uint256 high = head.earlier();
        // All periods before `low` began by `time`, none from `high` on.
        while (low < high) {
            uint256 middle = (low + high) / 2;
            if (_words[_earlierPlace(place, middle)].from() <= time) low = middle + 1;
            else high = middle;
        }
        return low == 0 ? 0 : _words[_earlierPlace(place, low - 1)].levelAt(time);
    }

    function _toPeriod(IdentityWord word) private pure returns (Period memory) {
        return Period({from: uint40(word.from()), until: uint40(word.until()), level: uint8(word.level())});
    }

    function _placeOf(address subject, uint256 lane) private pure returns (uint256) {
        return uint160(subject) | (lane << 160);
    }

    function _earlierPlace(uint256 place, uint256 index) private pure returns (uint256) {
        return place | ((index + 1) << 168);
    }
}
