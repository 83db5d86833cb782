export { type Currency, type CurrencyFacts, currencyAddress, currencyFacts, currencyNamed, type Money, paying } from './currency.ts'
