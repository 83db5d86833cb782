export { Action, type Fact, NeedsWallet, signing } from './Action.tsx'
