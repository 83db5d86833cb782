import type { Deployment } from './deployments.ts'

// Written by `npm run deployments:export` from the records of Ignition, and committed: one entry for each public network.
export const networks: Readonly<Record<number, Deployment>> = {}
