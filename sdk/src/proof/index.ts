export { proveDeposit, readStateProof } from './stateProof.ts'
