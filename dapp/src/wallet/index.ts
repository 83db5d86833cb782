export { WalletButton, WalletList } from './WalletButton.tsx'
export { useWallet, WalletProvider } from './WalletProvider.tsx'
