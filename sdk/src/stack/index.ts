export { type DevAccount, devAccount } from './accounts.ts'
export { findAnvil } from './anvil.node.ts'
export { type Stack, type StackOptions, startStack } from './stack.node.ts'
