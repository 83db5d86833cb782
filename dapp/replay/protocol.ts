/** What the dApp and the page that replays say to each other. The dApp speaks once to the page, and then both over the port that goes with it. */

/** The dApp's one message to the page. */
export interface ReplayRequest {
  type: 'colophon.replay'
  /** A WACZ, checked by the dApp. */
  archive: ArrayBuffer
  /** The captured page, as the archive has it. */
  url: string
}

/** Why a page is not replayed: the viewer's files are missing, the browser runs no service worker there, or the viewer cannot read the archive. */
export const REPLAY_FAULTS = ['viewer', 'browser', 'archive'] as const

/**
 * What the page says of itself. Whatever it replays has the same origin and may say the same: the dApp shows it as a state and relies on it for nothing.
 */
export const REPLAY_STATES = ['loading', 'shown', 'closed', ...REPLAY_FAULTS] as const

export type ReplayState = (typeof REPLAY_STATES)[number]

/** The dApp's word over the port: what was stored is to be removed. */
export const CLOSE = 'close'
