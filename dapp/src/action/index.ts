export { Action, NeedsWallet, signing } from './Action.tsx'
