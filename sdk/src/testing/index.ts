/**
 * What tests of an app need: a local chain with the contracts on it, funded accounts, time travel, verified people, sample works, and a wallet that
 * behaves as wallets and people do. Node only, but for `createTestWallet` and the samples, which are `@colophon/sdk/testing/browser`.
 *
 * @packageDocumentation
 */
export * from './browser.ts'
export { type Span, startTestbed, type Testbed, type TestbedOptions } from './testbed.node.ts'
