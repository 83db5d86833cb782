/** Who holds the rights in a deposited work, and the tokens by which they are traded. */
export { createTitles, type TitleRecord, type Titles } from './client.ts'
