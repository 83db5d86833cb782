// Starts a stack that keeps its state in the file given, says where it is, and ends in the way given without stopping it.
import { startStack } from '../../src/stack/index.ts'

const [, , state, way] = process.argv
const { url } = await startStack({ port: 0, state: state! })
process.stdout.write(`${url}\n`)
if (way === 'exit') process.exit(0)
if (way === 'throw')
  setTimeout(() => {
    throw new Error('a fault of the app')
  }, 1)
