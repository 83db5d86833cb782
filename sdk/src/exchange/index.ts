/** Sales of titles and licenses: signed orders at a fixed price, and English auctions. */
export { type AuctionPhase, type AuctionRecord, createExchange, type Exchange, type Sold } from './client.ts'
export {
  type AuctionStruct,
  type AuctionTerms,
  type OrderStruct,
  type OrderTerms,
  parseAuction,
  parseOrder,
  readOrder,
  type SignedAuction,
  type SignedOrder,
  type TokenRef,
} from './order.ts'
