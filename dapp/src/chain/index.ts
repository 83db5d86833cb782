export { type Chain, ChainProvider, useChain, useNetwork } from './ChainProvider.tsx'
export { type Loaded, useLoad } from './useLoad.ts'
