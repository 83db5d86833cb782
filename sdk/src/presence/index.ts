/**
 * How processes on one folder tell each other what they are doing. Node only.
 *
 * @packageDocumentation
 */
export { isLeftBehind, leaveMark, livingMarks, type Mark, ownerOf, ownName, removeMark, takeAlone } from './presence.node.ts'
