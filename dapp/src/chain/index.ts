export { type Chain, ChainProvider, useChain, useNetwork } from './ChainProvider.tsx'
export { wantClients } from './loading.ts'
export { type Loaded, useLoad } from './useLoad.ts'
