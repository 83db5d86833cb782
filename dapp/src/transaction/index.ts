export { asError, isBusy, type TransactionState } from './state.ts'
export { TransactionPanel } from './TransactionPanel.tsx'
export { type TransactionControl, useTransaction } from './useTransaction.ts'
