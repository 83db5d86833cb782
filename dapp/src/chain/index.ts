export { type Chain, ChainProvider, useChain } from './ChainProvider.tsx'
export { type Loaded, useLoad } from './useLoad.ts'
