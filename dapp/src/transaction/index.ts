export { asError } from './state.ts'
export { TransactionPanel } from './TransactionPanel.tsx'
export { useTransaction } from './useTransaction.ts'
