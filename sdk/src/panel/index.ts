/** The alliance's panel of arbitrators: who is drawn by lot for a dispute, votes in secret, and is paid. */
export {
  createPanel,
  type Panel,
  type PanelDispute,
  type PanelPhase,
  type PanelSeat,
  type PreparedVote,
  type Standing,
} from './client.ts'
