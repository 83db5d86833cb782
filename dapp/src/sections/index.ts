export { type Section, Sections } from './Sections.tsx'
