export { ColophonError, type ColophonErrorOptions } from './base.ts'
export { type ChainFault, chainError, revertDataOf, revertError } from './chain.ts'
export { ContractError } from './contract.ts'
