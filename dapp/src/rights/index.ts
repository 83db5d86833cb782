export { DerivativeSteps } from './DerivativeSteps.tsx'
export { type Lineages, readLineages } from './lineage.ts'
export { Split } from './Split.tsx'
export { TitleSteps } from './TitleSteps.tsx'
