export { readEventProof } from './eventProof.ts'
export { proveDeposit, readStateProof } from './stateProof.ts'
