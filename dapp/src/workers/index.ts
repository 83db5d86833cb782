export { ownScript } from './ownScript.ts'
