export { DerivativeSteps } from './DerivativeSteps.tsx'
export { readLineages } from './lineage.ts'
export { Split } from './Split.tsx'
export { TitleSteps } from './TitleSteps.tsx'
