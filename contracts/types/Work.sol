// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.28;

/// @notice The facts of a work that a deposit commits to. They travel as calldata and in events; storage never holds them.
/// @param contentHash SHA-256 of the file's bytes.
/// @param fingerprint Robust fingerprint of the content, left-aligned when shorter than 256 bits; zero if there is none.
/// @param fingerprintType Algorithm of `fingerprint`: 0 none, 1 PDQ-256, 2 ISCC-Text-256, 3 ISCC-Audio-256, 4 ISCC-Video-256,
/// 5 blockhash-256, 6 ISCC-Image-256. Later algorithms take the next number; the registry itself gives the number no meaning.
/// @param metadata sha2-256 digest of the CIDv1 of the deposit document.
/// @param salt Random for sealed deposits, so that the commitment hides the work; otherwise free, usually zero.
struct Work {
    bytes32 contentHash;
    bytes32 fingerprint;
    uint16 fingerprintType;
    bytes32 metadata;
    bytes32 salt;
}
