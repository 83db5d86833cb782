import { AbiCoder } from 'ethers'
import { deployClaims, SEAT_FEE } from '../claims/fixture.ts'

/** `Reaction` of contracts/test/Arbitration.sol. */
export const REACTION = { take: 0, refuse: 1, burnEverything: 2, bomb: 3, executeAgain: 4 } as const

/** A panel with fourteen enlisted arbitrators, and an arbitrable that does as it is told. */
export async function deployPanel() {
  const at = await deployClaims()
  const { ethers, panel, panelAddress } = at
  const arbitrable = await ethers.deployContract('HostileArbitrable', [panelAddress])
  const address = await arbitrable.getAddress()
  /** What the panel reads: seats, who gets an unearned fee back, who may not be drawn. */
  const extra = (seats = 3n, refundTo = at.bob.address, ...excluded: string[]) => {
    const [first = `0x${'00'.repeat(20)}`, second = `0x${'00'.repeat(20)}`] = excluded
    return AbiCoder.defaultAbiCoder().encode(['uint256', 'uint256', 'address', 'address', 'address'], [0n, seats, refundTo, first, second])
  }
  const open = async (given: { choices?: bigint; extraData?: string; surplus?: bigint } = {}): Promise<bigint> => {
    const extraData = given.extraData ?? extra()
    const cost = await panel.arbitrationCost(extraData)
    await arbitrable.create(given.choices ?? 2n, extraData, { value: cost + (given.surplus ?? 0n) })
    return await panel.disputeCount()
  }
  /** A dispute whose seats are filled. */
  const drawn = async (given: Parameters<typeof open>[0] = {}) => {
    const disputeId = await open(given)
    await at.draw(disputeId)
    const people = (await at.seated(disputeId)).map((each) => each!)
    return { disputeId, people }
  }
  return {
    ...at,
    arbitrable,
    arbitrableAddress: address,
    extra,
    open,
    drawn,
    dispute: (disputeId: bigint) => panel.disputeOf(disputeId),
    creditOf: (who: { address: string }) => panel.creditOf(who.address),
    /** What the panel owes to anybody at all. */
    owedInAll: async () => {
      let sum = 0n
      for (const { address: who } of await ethers.getSigners()) sum += await panel.creditOf(who)
      return sum + (await panel.creditOf(address))
    },
    fee: SEAT_FEE,
  }
}

export type PanelFixture = Awaited<ReturnType<typeof deployPanel>>
