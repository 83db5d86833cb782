import type { ContractFactory } from '../client/contract.ts'
import type { AllianceGovernor } from '../contracts/generated/types/AllianceGovernor.ts'
import type { AllianceTimelock } from '../contracts/generated/types/AllianceTimelock.ts'
import type { ArbitrationPanel } from '../contracts/generated/types/ArbitrationPanel.ts'
import type { Authority } from '../contracts/generated/types/Authority.ts'
import type { CopyrightAlliance } from '../contracts/generated/types/CopyrightAlliance.ts'
import type { CopyrightRegistry } from '../contracts/generated/types/CopyrightRegistry.ts'
import type { CopyrightTitle } from '../contracts/generated/types/CopyrightTitle.ts'
import type { TypedContractEvent } from '../contracts/generated/types/common.ts'
import type { IdentityRegistry } from '../contracts/generated/types/IdentityRegistry.ts'
import type { InfringementClaims } from '../contracts/generated/types/InfringementClaims.ts'
import type { LicenseAgreements } from '../contracts/generated/types/LicenseAgreements.ts'
import type { LicenseToken } from '../contracts/generated/types/LicenseToken.ts'
import type { RevenueSplitter } from '../contracts/generated/types/RevenueSplitter.ts'
import type { RightsExchange } from '../contracts/generated/types/RightsExchange.ts'

/** Types of the contracts by their names. */
export interface Contracts {
  AllianceGovernor: AllianceGovernor
  AllianceTimelock: AllianceTimelock
  ArbitrationPanel: ArbitrationPanel
  Authority: Authority
  CopyrightAlliance: CopyrightAlliance
  CopyrightRegistry: CopyrightRegistry
  CopyrightTitle: CopyrightTitle
  IdentityRegistry: IdentityRegistry
  InfringementClaims: InfringementClaims
  LicenseAgreements: LicenseAgreements
  LicenseToken: LicenseToken
  RevenueSplitter: RevenueSplitter
  RightsExchange: RightsExchange
}

/** Names of a contract's events. */
export type EventName<Name extends keyof Contracts> = Exclude<keyof Contracts[Name]['filters'] & string, `${string}(${string}`>

/** Values of an event by their names. */
export type EventValues<Name extends keyof Contracts, Event extends EventName<Name>> =
  Contracts[Name]['filters'][Event] extends TypedContractEvent<infer _Input, infer _Tuple, infer Values> ? Values : never

/** Loads a contract's interface; each is a chunk of its own in a bundle. */
export const FACTORIES: { readonly [Name in keyof Contracts]: () => Promise<ContractFactory> } = {
  AllianceGovernor: async () => (await import('../contracts/generated/AllianceGovernor.ts')).AllianceGovernor__factory,
  AllianceTimelock: async () => (await import('../contracts/generated/AllianceTimelock.ts')).AllianceTimelock__factory,
  ArbitrationPanel: async () => (await import('../contracts/generated/ArbitrationPanel.ts')).ArbitrationPanel__factory,
  Authority: async () => (await import('../contracts/generated/Authority.ts')).Authority__factory,
  CopyrightAlliance: async () => (await import('../contracts/generated/CopyrightAlliance.ts')).CopyrightAlliance__factory,
  CopyrightRegistry: async () => (await import('../contracts/generated/CopyrightRegistry.ts')).CopyrightRegistry__factory,
  CopyrightTitle: async () => (await import('../contracts/generated/CopyrightTitle.ts')).CopyrightTitle__factory,
  IdentityRegistry: async () => (await import('../contracts/generated/IdentityRegistry.ts')).IdentityRegistry__factory,
  InfringementClaims: async () => (await import('../contracts/generated/InfringementClaims.ts')).InfringementClaims__factory,
  LicenseAgreements: async () => (await import('../contracts/generated/LicenseAgreements.ts')).LicenseAgreements__factory,
  LicenseToken: async () => (await import('../contracts/generated/LicenseToken.ts')).LicenseToken__factory,
  RevenueSplitter: async () => (await import('../contracts/generated/RevenueSplitter.ts')).RevenueSplitter__factory,
  RightsExchange: async () => (await import('../contracts/generated/RightsExchange.ts')).RightsExchange__factory,
}
