export { termsMessages } from './messages.ts'
export { OfferSummary } from './OfferSummary.tsx'
export { type OpenedOffer, openedOffers } from './opened.ts'
