export { DEV_WALLET } from './devWallet.ts'
export { WalletButton, WalletList } from './WalletButton.tsx'
export { useWallet, WalletProvider, type WalletState } from './WalletProvider.tsx'
