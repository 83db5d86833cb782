export { OfferSummary } from './OfferSummary.tsx'
export { openedOffers } from './opened.ts'
