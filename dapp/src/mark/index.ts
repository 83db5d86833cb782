export { Mark } from './Mark.tsx'
export { firstTiles, platesOf } from './plates.ts'
