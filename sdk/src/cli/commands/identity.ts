import { type Command, Option } from 'commander'
import { ColophonError } from '../../errors/base.ts'
import { type Attested, credentialClaim, type Level, parseAttestation } from '../../identity/index.ts'
import type { Action } from '../action.ts'
import { announces } from '../announces.ts'
import { openChain, openWritingChain } from '../chain.ts'
import { facts, short, table } from '../layout.ts'
import { checkOutput, readBytes, readText, writeJson } from '../output.ts'
import { addSendOptions, type SendFlags, send } from '../sending.ts'
import type { Answer, Session } from '../session.ts'
import { date } from '../values.ts'

interface AttestFlags extends SendFlags {
  level?: Exclude<Level, 'none'>
  credential?: string
  expires?: Date
  signOnly?: true
  out?: string
  force?: true
}

export function addIdentity(program: Command, action: Action): void {
  const identity = program
    .command('identity')
    .summary('show who was verified, attest')
    .description('Verified identities. Only salted digests are on the chain; credentials stay with their persons.')

  identity
    .command('show')
    .description('Shows how well an account was verified, now or at a time.')
    .argument('[account]', 'the one that signs by default')
    .option('--at <date>', 'at this time; the answer for the past never changes', date)
    .action(
      action<[string | undefined], { at?: Date }>(async (session, { at }, given) => {
        const { colophon } = await openChain(session)
        const subject = given ?? (await openWritingChain(session)).address
        const [level, history, verifier] = await Promise.all([
          colophon.identity.levelAt(subject, at),
          colophon.identity.history(subject),
          colophon.identity.isVerifier(subject),
        ])
        const rows = history.map((each) => [
          each.level,
          each.from.toISOString().slice(0, 10),
          each.until.toISOString().slice(0, 10),
          short(each.verifier, session.verbose),
        ])
        return {
          data: { subject, level, verifier, history },
          text: [
            facts([
              ['account', subject],
              [at === undefined ? 'verified now' : `verified at ${at.toISOString()}`, level === 'none' ? 'no' : level],
              ['may attest', verifier ? 'yes' : undefined],
            ]),
            ...(rows.length === 0 ? [] : ['', table(rows)]),
          ].join('\n'),
        }
      }),
    )

  addSendOptions(
    identity
      .command('attest')
      .description(
        `Vouches for an account, as a verifier of the alliance. The digest of the credential and a random salt goes to the chain; the salt is written to a file for
the person. With --sign-only the attestation is written instead of sent, and whoever gets the file sends it with the same command.`,
      )
      .argument('<account>', 'whom to vouch for, or the file of a signed attestation to send')
      .addOption(new Option('--level <name>', 'how sure you are').choices(['low', 'substantial', 'high']))
      .option('--credential <file>', 'what you saw')
      .option('--expires <date>', 'when it ends; in a year by default', date)
      .option('--sign-only', 'write the signed attestation to a file; costs nothing and sends nothing')
      .option('--out <file>', 'salt and claim, with --sign-only the attestation too; attestation-ACCOUNT.json by default')
      .option('--force', 'write over that file if it is there'),
  ).action(action<[string], AttestFlags>(attest))
}

async function attest(session: Session, options: AttestFlags, given: string): Promise<Answer> {
  const { mark } = session.terminal
  const answer = (attested: Attested, file?: string): Answer => ({
    data: { ...attested, ...(file === undefined ? {} : { file }) },
    text: [
      `${mark('ok')} Attested.`,
      '',
      facts([
        ['account', attested.subject],
        ['level', attested.level],
        ['verifier', attested.verifier],
        ['until', attested.expiresAt.toISOString()],
        ['claim', attested.claim],
        ['transaction', short(attested.transaction, session.verbose)],
        ['salt and claim', file],
      ]),
    ].join('\n'),
  })
  if (await announces(given, 'colophon-attestation')) {
    const signed = parseAttestation(await readText(given))
    return await send(session, options, {
      what: 'The attestation',
      label: 'Sending',
      write: ({ colophon }) => colophon.identity.submit,
      input: signed,
      about: { account: signed.value.subject },
      answer: (attested) => answer(attested),
    })
  }
  const { level, credential } = options
  if (level === undefined || credential === undefined)
    throw new ColophonError('USAGE', 'How sure are you, and of what?', {
      hint: 'Give --level and --credential FILE; or the file of a signed attestation, to send it.',
    })
  const { claim, salt } = credentialClaim(given, await readBytes(credential))
  const terms = { subject: given, level, claim, ...(options.expires === undefined ? {} : { expiresAt: options.expires }) }
  const out = options.out ?? `attestation-${given.slice(2, 10)}.json`
  if (options.dryRun !== true) await checkOutput(out, options.force)
  if (options.signOnly === true) {
    const { colophon } = await openWritingChain(session)
    const signed = await colophon.identity.sign(terms)
    await writeJson(out, { ...signed, salt }, { secret: true })
    return {
      data: { file: out, ...signed },
      text: `${mark('ok')} Signed. Whoever gets ${out} can send it: colophon identity attest ${out}`,
    }
  }
  return await send(session, options, {
    what: 'The attestation',
    label: 'Attesting',
    write: ({ colophon }) => colophon.identity.attest,
    input: terms,
    about: { account: given },
    answer: async (attested) => {
      await writeJson(out, { subject: attested.subject, claim, salt }, { secret: true })
      return answer(attested, out)
    },
  })
}
