import { id } from 'ethers'
import { network } from 'hardhat'
import handOverModule from '../../deploy/modules/HandOver.ts'

export const ROLE = { owner: 1, agency: 2, platform: 4, verifier: 8, arbitrator: 16 } as const
/** Numbers of the roles in Solidity's enum. */
export const MEMBER_AS = { owner: 0, agency: 1, platform: 2, verifier: 3, arbitrator: 4 } as const
export const VOTE = { against: 0, for: 1, abstain: 2 } as const
export const STATE = { pending: 0n, active: 1n, canceled: 2n, defeated: 3n, succeeded: 4n, queued: 5n, expired: 6n, executed: 7n } as const

export const SETTINGS = { votingDelay: 60, votingPeriod: 7200, timelockDelay: 86_400, quorumPercent: 50 } as const

/** A fresh chain with an alliance alone, whose administrator is the deployer. */
export async function deployAlliance() {
  const { ethers, networkHelpers } = await network.create()
  const [deployer, one, two, three, stranger] = await ethers.getSigners()
  if (!deployer || !one || !two || !three || !stranger) throw new Error('five accounts are needed')
  const authority = await ethers.deployContract('Authority', [deployer.address])
  const alliance = await ethers.deployContract('CopyrightAlliance', [await authority.getAddress()])
  const identities = await ethers.deployContract('IdentityRegistry', [await alliance.getAddress(), await authority.getAddress()])
  const by = (signer: typeof one) => alliance.connect(signer) as typeof alliance
  return {
    ethers,
    time: networkHelpers.time,
    authority,
    alliance,
    identities,
    deployer,
    one,
    two,
    three,
    stranger,
    by,
    now: async (): Promise<bigint> => BigInt(await networkHelpers.time.latest()),
    /** Connects the registry of identities; by its signature, since ethers has a `connect` of its own. */
    wire: async () => alliance.getFunction('connect(address)').send(await identities.getAddress()),
  }
}

export interface Call {
  target: string
  data: string
  value?: bigint
}

/** The whole of Colophon, deployed and handed over by Ignition as on a public network. Members are the accounts 1 to 4; account 0 deployed. */
export async function deployEverything() {
  const connection = await network.create()
  const { ethers, networkHelpers, ignition } = connection
  const [deployer, ann, bob, cyd, dan, stranger] = await ethers.getSigners()
  if (!deployer || !ann || !bob || !cyd || !dan || !stranger) throw new Error('six accounts are needed')
  const founders = [ann, bob, cyd, dan].map(({ address }) => address)
  const parameters = {
    Alliance: { ...SETTINGS },
    HandOver: { founders, founderRoles: [ROLE.owner, ROLE.verifier, ROLE.arbitrator, ROLE.platform] },
  }
  const deployed = await ignition.deploy(handOverModule, { parameters })
  const addresses: Record<string, string> = {}
  for (const [name, contract] of Object.entries(deployed)) addresses[name] = await contract.getAddress()
  const [authority, registry, title, splitter] = [
    await ethers.getContractAt('Authority', addresses.authority!),
    await ethers.getContractAt('CopyrightRegistry', addresses.copyrightRegistry!),
    await ethers.getContractAt('CopyrightTitle', addresses.copyrightTitle!),
    await ethers.getContractAt('RevenueSplitter', addresses.revenueSplitter!),
  ]
  const alliance = await ethers.getContractAt('CopyrightAlliance', addresses.copyrightAlliance!)
  const identities = await ethers.getContractAt('IdentityRegistry', addresses.identityRegistry!)
  const governor = await ethers.getContractAt('AllianceGovernor', addresses.allianceGovernor!)
  const timelock = await ethers.getContractAt('AllianceTimelock', addresses.allianceTimelock!)
  const { time } = networkHelpers
  const by = (signer: typeof ann) => governor.connect(signer) as typeof governor

  const lists = (calls: Call[]) =>
    [calls.map(({ target }) => target), calls.map(({ value = 0n }) => value), calls.map(({ data }) => data)] as const
  const idOf = async (calls: Call[], description: string): Promise<bigint> =>
    governor.hashProposal(...(lists(calls).map((each) => [...each]) as [string[], bigint[], string[]]), id(description))

  return {
    connection,
    ethers,
    time,
    addresses,
    authority,
    registry,
    title,
    splitter,
    alliance,
    identities,
    governor,
    timelock,
    deployer,
    ann,
    bob,
    cyd,
    dan,
    stranger,
    by,
    idOf,
    propose: async (calls: Call[], description: string, proposer = ann): Promise<bigint> => {
      const [targets, values, datas] = lists(calls)
      await by(proposer)
        .getFunction('propose')
        .send([...targets], [...values], [...datas], description)
      return idOf(calls, description)
    },
    /** Lets the vote begin. */
    open: (proposalId: bigint) => governor.proposalSnapshot(proposalId).then((snapshot) => time.increaseTo(snapshot + 1n)),
    /** Lets the vote end. */
    close: (proposalId: bigint) => governor.proposalDeadline(proposalId).then((deadline) => time.increaseTo(deadline + 1n)),
    queue: (calls: Call[], description: string) => {
      const [targets, values, datas] = lists(calls)
      return by(stranger)
        .getFunction('queue(address[],uint256[],bytes[],bytes32)')
        .send([...targets], [...values], [...datas], id(description))
    },
    execute: (calls: Call[], description: string) => {
      const [targets, values, datas] = lists(calls)
      return by(stranger)
        .getFunction('execute(address[],uint256[],bytes[],bytes32)')
        .send([...targets], [...values], [...datas], id(description))
    },
    cancel: (calls: Call[], description: string, signer = ann) => {
      const [targets, values, datas] = lists(calls)
      return by(signer)
        .getFunction('cancel(address[],uint256[],bytes[],bytes32)')
        .send([...targets], [...values], [...datas], id(description))
    },
  }
}

export type Alliance = Awaited<ReturnType<typeof deployAlliance>>
export type Everything = Awaited<ReturnType<typeof deployEverything>>

/** Proposes, lets three of four members vote for it, queues and executes it after the delay. */
export async function decide(all: Everything, calls: Call[], description: string): Promise<void> {
  const proposal = await all.propose(calls, description)
  await all.open(proposal)
  for (const member of [all.ann, all.bob, all.cyd]) await all.by(member).castVote(proposal, VOTE.for)
  await all.close(proposal)
  await all.queue(calls, description)
  await all.time.increase(SETTINGS.timelockDelay)
  await all.execute(calls, description)
}
