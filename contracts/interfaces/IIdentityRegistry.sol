// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice What a verifier says of an account.
/// @param subject The account.
/// @param level How sure the verifier is of who is behind it: 1 low, 2 substantial, 3 high, as the levels of assurance of eIDAS (EU 910/2014, art. 8).
/// @param validFrom When the verifier established it, in seconds since 1970. Not in the future, and later than what the same verifier said of the
/// same subject before, so that nothing is ever said twice. The level counts from the block on in which it is recorded, not from here.
/// @param expiry First second at which it no longer counts; at most {IIdentityRegistry-MAX_TERM} from now.
/// @param claim Salted digest of the credential, see {IIdentityRegistry-claimOf}. Never the credential, nor a digest without a salt: names and
/// numbers of documents are few enough to be guessed.
struct Attestation {
    address subject;
    uint8 level;
    uint40 validFrom;
    uint40 expiry;
    bytes32 claim;
}

/// @notice A time during which one verifier vouched for one level without a break.
/// @param from First second that counts.
/// @param until First second that no longer does.
struct Period {
    uint40 from;
    uint40 until;
    uint8 level;
}

/// @title IIdentityRegistry
/// @notice Which accounts were verified, by whom, how well, and when. What was verified (a name, a document) is a W3C Verifiable Credential
/// that stays with the person; the chain holds a salted digest in an event, by which the person can show later what the verifier saw.
///
/// Each verifier has a timeline for each subject. Attesting the same level again before its end prolongs it; another level, or a gap, begins a new period.
///
/// What the contract guarantees:
/// - {levelAt} of a second that is over never changes, whatever anybody does afterwards: revocation, renewal, and suspension of the verifier
///   work from their own second on, and nothing can be recorded for an earlier one.
/// - Only who is a verifier of the alliance in that second can attest, directly or by signature. Verifiers cannot touch what others attested.
/// - A signed attestation counts once: each must have a later `validFrom` than the verifier's last word on the subject. A revocation is a last word
///   too, so signatures from before it that nobody has sent yet are void.
///
/// What it does not:
/// - Warning: the level is the highest that any verifier vouches for. It is as true as the least careful verifier; {levelBy} asks one alone.
/// - Warning: attestations of a suspended or expelled verifier run on until they expire or are revoked one by one with {revokeFor}.
/// - Warning: whoever learns the salt and the credential can tie the account to the person, for ever.
interface IIdentityRegistry {
    /* EVENTS */

    /// @notice A verifier vouched for a subject, from this block's time on until `expiry`.
    event Attested(
        address indexed subject,
        address indexed verifier,
        uint8 level,
        uint40 validFrom,
        uint40 expiry,
        bytes32 claim
    );

    /// @notice A verifier no longer vouches for the subject, from this block's time on.
    /// @param by Who ended it: the verifier, the subject, or the authority.
    event AttestationRevoked(address indexed subject, address indexed verifier, address indexed by);

    /// @notice An account may attest from now on, or no longer.
    event VerifierSet(address indexed account, bool active);

    /* ATTESTING */

    /// @notice Vouches for a subject in the caller's name.
    /// @dev Reverts with `IdentityRegistry_NotVerifier`, `IdentityRegistry_AttestationInvalid` with the field's name,
    /// `IdentityRegistry_NotLater` or `IdentityRegistry_VerifiersFull`.
    function attest(Attestation calldata attestation) external;

    /// @notice Vouches for several subjects in the caller's name: all or none.
    /// @dev Reverts as {attest}, and with `IdentityRegistry_BatchEmpty`.
    function attestMany(Attestation[] calldata attestations) external;

    /// @notice Vouches for a subject in the name of a verifier who signed it; anybody may send it.
    /// @dev Reverts as {attest}, and with `IdentityRegistry_SignatureExpired` or `IdentityRegistry_SignatureInvalid`.
    /// @param verifier Must be a verifier when it is sent.
    /// @param deadline Last second at which the signature counts.
    /// @param signature Over the EIP-712 struct `Attestation(address verifier,address subject,uint8 level,uint40 validFrom,uint40 expiry,bytes32
    /// claim,uint256 deadline)`: 65 bytes of ECDSA, or whatever the verifier's ERC-1271 contract takes.
    function attestBySig(
        address verifier,
        Attestation calldata attestation,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /* REVOKING */

    /// @notice Ends what the caller vouches for.
    /// @dev Reverts with `IdentityRegistry_NotVerifier` or `IdentityRegistry_NotInForce`.
    function revoke(address subject) external;

    /// @notice Ends what the caller vouches for of several subjects: all or none.
    /// @dev Reverts as {revoke}, and with `IdentityRegistry_BatchEmpty`.
    function revokeMany(address[] calldata subjects) external;

    /// @notice Ends what a verifier who signed it vouches for; anybody may send it.
    /// @dev Reverts as {revoke}, and with `IdentityRegistry_SignatureExpired`, `IdentityRegistry_SignatureInvalid` or, if `validFrom` is not that
    /// of the verifier's last attestation of the subject, `IdentityRegistry_NotLatest`.
    /// @param signature Over the EIP-712 struct `Revocation(address verifier,address subject,uint40 validFrom,uint256 deadline)`.
    function revokeBySig(
        address verifier,
        address subject,
        uint40 validFrom,
        uint256 deadline,
        bytes calldata signature
    ) external;

    /// @notice Ends what a verifier vouches for of the caller, who need not say why.
    /// @dev Reverts with `IdentityRegistry_NotInForce`.
    function renounce(address verifier) external;

    /// @notice Ends what somebody vouched for who is a verifier no longer.
    /// @dev Restricted. Reverts with `IdentityRegistry_StillVerifier` or `IdentityRegistry_NotInForce`.
    function revokeFor(address verifier, address subject) external;

    /* VERIFIERS */

    /// @notice Lets an account attest, or no longer.
    /// @dev Only by the {ICopyrightAlliance}, at every change of a member's role. Reverts with `IdentityRegistry_NotAlliance`.
    function setVerifier(address account, bool active) external;

    /* VIEWS */

    /// @notice Highest level that any verifier vouched for at a time; zero if none did.
    /// @param time Seconds since 1970. The answer for a second that is over never changes; for later ones it is what is known now.
    function levelAt(address subject, uint256 time) external view returns (uint8 level);

    /// @notice Level that one verifier vouched for at a time; zero if he did not.
    function levelBy(address verifier, address subject, uint256 time) external view returns (uint8 level);

    /// @notice All that a verifier has vouched for of a subject, oldest first. Periods do not overlap.
    function periodsOf(address subject, address verifier) external view returns (Period[] memory);

    /// @notice Who has ever attested the subject, at most {MAX_VERIFIERS}.
    function verifiersOf(address subject) external view returns (address[] memory);

    /// @notice `validFrom` of the verifier's last word on the subject; the next must be later. Zero if there is none.
    function latestOf(address subject, address verifier) external view returns (uint40 validFrom);

    /// @notice Whether the account may attest now.
    function isVerifier(address account) external view returns (bool);

    /// @notice Digest that stands for a credential: `keccak256(abi.encode(subject, salt, credentialHash))`.
    /// @param salt Random, 32 bytes, known to verifier and subject alone.
    /// @param credentialHash SHA-256 of the credential's bytes.
    function claimOf(address subject, bytes32 salt, bytes32 credentialHash) external pure returns (bytes32);

    /// @notice How many verifiers can ever attest one subject: 16.
    function MAX_VERIFIERS() external view returns (uint256);

    /// @notice Longest time from recording to expiry: 1,826 days (five years), in seconds.
    function MAX_TERM() external view returns (uint256);

    /// @notice The alliance whose verifiers may attest.
    function ALLIANCE() external view returns (address);
}
