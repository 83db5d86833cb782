export { LookAlikes } from './LookAlikes.tsx'
export { type LookAlikesState, useLookAlikes } from './useLookAlikes.ts'
