/**
 * What tests inside a page can use: sample works, and a wallet that behaves as wallets and people do.
 *
 * @packageDocumentation
 */
export { samplePicture, sampleText, sampleWork } from './samples.ts'
export { createTestWallet, type Eip1193, type TestWallet } from './wallet.ts'
