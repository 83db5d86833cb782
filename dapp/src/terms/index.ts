export { wordsMessages } from './messages.ts'
export { policyOf } from './odrl.ts'
export { Terms } from './Terms.tsx'
export { useWords } from './words.ts'
