/** Licenses of deposited works: offers that cost nothing until they are taken, sales, renewals. */
export * from '../terms/index.ts'
export { type Acquired, createLicenses, type Licenses, type Purchase, type Renewed } from './client.ts'
export { type OfferRead, type OfferStruct, type OfferTerms, parseOffer, readOffer, type SignedOffer } from './offer.ts'
export type { LicenseRecord, Place } from './records.ts'
