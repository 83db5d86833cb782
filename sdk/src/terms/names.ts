/** Rights in the order of their bits in the contract. The first six are acts; the last two say how acts may be done, and are nothing alone. */
export const RIGHTS = ['reproduce', 'distribute', 'display', 'perform', 'adapt', 'trainAi', 'commercial', 'sublicense'] as const

/** Something that a license allows. */
export type Right = (typeof RIGHTS)[number]

/** Territory groups in the order of their bits: subregions of the United Nations' M49 standard, Eastern Asia divided. */
export const TERRITORIES = [
  'mainlandChina',
  'hongKongMacaoTaiwan',
  'easternAsia',
  'southEasternAsia',
  'southernAsia',
  'centralAsia',
  'westernAsia',
  'northernEurope',
  'westernEurope',
  'southernEurope',
  'easternEurope',
  'northernAfrica',
  'subSaharanAfrica',
  'northernAmerica',
  'latinAmericaAndCaribbean',
  'oceania',
] as const

/** A territory group. `'easternAsia'` is without China; `'oceania'` is everything that no other group has. */
export type Territory = (typeof TERRITORIES)[number]

/** Media and ways of distribution in the order of their bits. */
export const CHANNELS = [
  'web',
  'mobile',
  'social',
  'videoStreaming',
  'audioStreaming',
  'broadcast',
  'cinema',
  'live',
  'books',
  'press',
  'advertising',
  'merchandise',
  'games',
  'extendedReality',
  'education',
  'other',
] as const

/** A medium or way of distribution. */
export type Channel = (typeof CHANNELS)[number]
