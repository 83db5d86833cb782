export { type Chain, ChainProvider, type NetworkStatus, useChain } from './ChainProvider.tsx'
export { type Loaded, useLoad } from './useLoad.ts'
