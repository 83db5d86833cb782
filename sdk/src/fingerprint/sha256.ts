/** SHA-256 (FIPS 180-4) of bytes that come in pieces. `digest` ends it and gives 32 bytes. */
export type CreateSha256 = () => { update(bytes: Uint8Array): void; digest(): Uint8Array<ArrayBuffer> }
