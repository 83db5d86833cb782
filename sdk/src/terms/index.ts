/** Rights, territories and channels by their names, and the bits that stand for them on the chain. */
export { CHANNELS, type Channel, RIGHTS, type Right, TERRITORIES, type Territory } from './names.ts'
export { channelNumber, type Duration, decodeUse, encodeUse, territoryNumber, type UseBits, type UseRead, type UseTerms } from './terms.ts'
