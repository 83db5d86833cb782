/**
 * The trail: what became of a work, from its deposit to the last ruling, each link checked.
 *
 * @packageDocumentation
 */
export { trailPage } from './html.ts'
export { type Link, type LinkCheck, type Stage, type TraceOptions, type Trail, trace } from './trail.ts'
export { sentenceOf } from './wording.ts'
