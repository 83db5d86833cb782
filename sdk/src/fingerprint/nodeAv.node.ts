import { ColophonError } from '../errors/base.ts'

/** FFmpeg's libraries as node-av has them. */
export type NodeAv = typeof import('node-av/api') &
  typeof import('node-av/constants') &
  Pick<typeof import('node-av/lib'), 'Frame' | 'Packet'>

/**
 * Loads node-av, which is optional.
 * @param what - what is decoded with it, and its verb, for the error
 * @throws ColophonError `DEPENDENCY_MISSING`
 */
export async function loadNodeAv(what: 'Films are' | 'Sound is'): Promise<NodeAv> {
  try {
    const [api, constants, { Log, Frame, Packet }] = await Promise.all([
      import('node-av/api'),
      import('node-av/constants'),
      import('node-av/lib'),
    ])
    // FFmpeg would print what it thinks of a damaged file; the error we throw says it.
    Log.setLevel(constants.AV_LOG_QUIET)
    return Object.assign(Object.create(null), api, constants, { Frame, Packet }) as NodeAv
  } catch (cause) {
    throw new ColophonError('DEPENDENCY_MISSING', `${what} decoded with node-av, which is not installed.`, {
      hint: 'Run: npm install node-av',
      details: { package: 'node-av' },
      cause,
    })
  }
}
