// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice One storage word: a {Period} of a verifier's timeline for a subject, and, in the latest one, what the next must know. Zero if there
/// is none.
/// @dev [0..39] first second, [40..79] first second that no longer counts, [80..119] `validFrom` of the last word, or time of the revocation,
/// [120..127] level, [128..159] the verifier's number, from 1, [160..191] earlier periods, [192..255] zero.
type IdentityWord is uint256;

using {exists, from, until, latest, level, verifier, earlier} for IdentityWord global;
using {withUntil, withLatest, levelAt} for IdentityWord global;

function exists(IdentityWord word) pure returns (bool) {
    return IdentityWord.unwrap(word) != 0;
}

function from(IdentityWord word) pure returns (uint256) {
    return uint40(IdentityWord.unwrap(word));
}

function until(IdentityWord word) pure returns (uint256) {
    return uint40(IdentityWord.unwrap(word) >> 40);
}

function latest(IdentityWord word) pure returns (uint256) {
    return uint40(IdentityWord.unwrap(word) >> 80);
}

function level(IdentityWord word) pure returns (uint256) {
    return uint8(IdentityWord.unwrap(word) >> 120);
}

function verifier(IdentityWord word) pure returns (uint256) {
    return uint32(IdentityWord.unwrap(word) >> 128);
}

function earlier(IdentityWord word) pure returns (uint256) {
    return uint32(IdentityWord.unwrap(word) >> 160);
}

/// @dev `value` must fit 40 bits.
function withUntil(IdentityWord word, uint256 value) pure returns (IdentityWord) {
    return IdentityWord.wrap((IdentityWord.unwrap(word) & ~(uint256(type(uint40).max) << 40)) | (value << 40));
}

/// @dev `value` must fit 40 bits.
function withLatest(IdentityWord word, uint256 value) pure returns (IdentityWord) {
    return IdentityWord.wrap((IdentityWord.unwrap(word) & ~(uint256(type(uint40).max) << 80)) | (value << 80));
}

/// @dev Zero after the period's end. `time` must not be before its beginning.
function levelAt(IdentityWord word, uint256 time) pure returns (uint256) {
    return time < word.until() ? word.level() : 0;
}

/// @dev Every value must fit its field.
function packIdentityWord(
    uint256 from_,
    uint256 until_,
    uint256 latest_,
    uint256 level_,
    uint256 verifier_,
    uint256 earlier_
) pure returns (IdentityWord) {
    return
        IdentityWord.wrap(
            from_ | (until_ << 40) | (latest_ << 80) | (level_ << 120) | (verifier_ << 128) | (earlier_ << 160)
        );
}
