import { type Cost, costText, type WritingChain } from './chain.ts'
import { facts } from './layout.ts'
import type { Answer } from './session.ts'

/**
 * What `--dry-run` answers.
 *
 * @param about - name and value pairs to show
 * @param approval - units of the token that would have to be approved first; the cost is then that of the approval
 */
export function dryRun(chain: WritingChain, what: string, about: Record<string, string>, cost: Cost, approval?: string): Answer {
  return {
    data: {
      dryRun: true,
      what,
      chainId: chain.chainId,
      from: chain.address,
      ...about,
      gas: cost.gas.toString(),
      wei: cost.wei?.toString(),
      ...(approval === undefined ? {} : { approval }),
    },
    text: [
      approval === undefined
        ? 'The chain would take it. Nothing was sent.'
        : 'An approval of exactly the amount would be sent first. Nothing was sent; the cost is that of the approval.',
      '',
      facts([['chain', String(chain.chainId)], ['from', chain.address], ...Object.entries(about), ['cost', costText(cost)]]),
    ].join('\n'),
  }
}
