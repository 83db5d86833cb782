export { ColophonError, type ColophonErrorOptions } from './base.ts'
export { type ContractErrorEntry, contractErrors } from './catalogue.ts'
export { type ChainFault, chainError, revertDataOf, revertError } from './chain.ts'
export { ContractError } from './contract.ts'
