/** Typed factories, ABIs and addresses. Bytecode for deployers is apart, in `@colophon/sdk/contracts/bytecode`. */
export { isGenuine } from './code.ts'
export { type ContractName, type DeployedContract, type Deployment, deploymentOn, knownChains, LOCAL_CHAIN_ID } from './deployments.ts'
export * from './generated/index.ts'
