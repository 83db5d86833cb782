export { LookAlikes } from './LookAlikes.tsx'
export { useLookAlikes } from './useLookAlikes.ts'
