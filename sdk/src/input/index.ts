export { amountOf, bitsOf, digestOf, idText, partsOf, secondsOf, uintOf, wordOf } from './input.ts'
