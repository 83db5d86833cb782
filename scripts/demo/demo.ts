// `npm run demo`: the main job on real media, from fingerprint to ruling, on a chain inside this process.
// What it makes stays in demo-output/ to look at; `npm run demo -- --out FOLDER` puts it elsewhere.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { formatEther, Wallet } from 'ethers'
import { receiptFileOf, runBatch } from '../../sdk/src/batch/index.ts'
import { createCertificate, previewOf, verifyCertificate } from '../../sdk/src/certificate/index.ts'
import { counted, facts, moment, table } from '../../sdk/src/cli/layout.ts'
import { pinWork, type WorkDescription } from '../../sdk/src/document/index.ts'
import { compare, type Fingerprint, fingerprint, type Match } from '../../sdk/src/fingerprint/index.ts'
import { type Colophon, createColophon, type DepositReceipt, type Progress } from '../../sdk/src/index.ts'
import { openBlockStore } from '../../sdk/src/storage/index.ts'
import { type Verification, verify } from '../../sdk/src/verify/index.ts'
import { startDemoChain } from './chain.ts'
import { dispute } from './dispute.ts'
import { createLedger } from './ledger.ts'
import { copyPicture, copyText, drawPicture, generateWorks } from './works.ts'

const WORKS = 1000
/** Shows that a folder is the demo's own. */
const MARK = 'made-by-the-demo.txt'

const root = join(import.meta.dirname, '..', '..')
const { values } = parseArgs({ options: { out: { type: 'string', default: join(root, 'demo-output') } } })
const out = values.out
const media = join(root, 'examples', 'media')
const photo = join(media, 'coffee.jpg')
const essay = join(media, 'on-colophons.md')
const started = performance.now()
const shown = (path: string): string => relative(process.cwd(), path) || '.'

const colour = process.stdout.isTTY && process.env.NO_COLOR === undefined
const bold = (text: string): string => (colour ? `\x1b[1m${text}\x1b[22m` : text)
const say = (text = ''): void => console.log(text)
const chapter = (title: string): void => say(`\n${bold(title)}\n`)

/** The demo shows what must happen; where it does not, it fails. */
function expect(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`The demo expected ${what}.`)
}

await checkOut()
await rm(out, { recursive: true, force: true })
await mkdir(join(out, 'receipts'), { recursive: true })
await writeFile(join(out, MARK), 'Made by the demo of Colophon, which deletes this folder when it runs again.\n')

const chain = await startDemoChain()
const { provider, deployment } = chain
const storage = await openBlockStore(join(out, 'store'))
const ledger = createLedger(provider)
const client = (signer: Wallet): Colophon => createColophon({ provider, signer, deployment })
try {
  say(bold('Colophon: from fingerprint to ruling'))
  chapter('A chain, inside this process')
  const { address } = deployment.contracts.CopyrightRegistry!
  say(
    facts([
      ['registry', address],
      ['deployed with', `Hardhat Ignition, ${chain.deploymentGas.toLocaleString('en')} gas`],
    ]),
  )

  chapter('Fingerprints, computed here: the files go nowhere')
  const photoPrint = await ledger.run('fingerprint the photograph', () => fingerprint(photo))
  const essayPrint = await ledger.run('fingerprint the essay', () => fingerprint(essay))
  for (const [file, found] of [
    [photo, photoPrint],
    [essay, essayPrint],
  ] as const) {
    say(`  ${shown(file)}`)
    say(
      facts([
        ['  SHA-256', found.sha256],
        ['  ISCC', found.iscc],
        [`  ${found.code!.name}`, found.code!.bits],
      ]),
    )
  }

  chapter('The photograph, deposited by its photographer')
  const ada = chain.funded(1)
  const photoReceipt = await deposited(
    'photograph',
    photoPrint,
    { title: 'Coffee', creators: [{ name: 'Rachel Michetti', role: 'photographer' }] },
    (input) =>
      ledger.run(
        'deposit',
        () => client(ada).deposits.create(input),
        ({ record }) => [record!.transaction],
      ),
  )

  chapter('The essay, deposited by a writer who owns no coin: a sponsor pays')
  const writer = Wallet.createRandom(provider)
  const sponsor = chain.funded(2)
  const essayReceipt = await deposited(
    'essay',
    essayPrint,
    { title: 'On colophons', creators: [{ name: 'The Colophon project', role: 'author' }], language: 'en', aiTraining: 'notAllowed' },
    async (input) => {
      const request = await ledger.run('sign a deposit', () =>
        createColophon({ provider, signer: writer, deployment }).deposits.sign(input),
      )
      return await ledger.run(
        'deposit for the signer',
        () => client(sponsor).deposits.submitSigned(request),
        ({ record }) => [record!.transaction],
      )
    },
  )
  expect(
    (await provider.getBalance(writer.address)) === 0n && essayReceipt.claimant === writer.address,
    'the writer to hold the deposit and to have paid nothing',
  )
  say(`  The claimant is ${essayReceipt.claimant}, whose balance was and is 0.`)

  chapter('A drawing, sealed first and shown later')
  const drawingFile = join(out, 'drawing.png')
  await writeFile(drawingFile, await drawPicture(2026))
  const drawingPrint = await fingerprint(drawingFile)
  const drawingReceipt = await deposited(
    'drawing',
    drawingPrint,
    { title: 'Circles and bars', creators: [{ name: 'A machine', role: 'artist' }], aiGeneration: 'generated' },
    async (input) => {
      const { deposits } = client(ada)
      const opening = await deposits.prepareSeal(input)
      const sealed = await ledger.run(
        'seal',
        () => deposits.seal(opening),
        (done) => [done.sealed.transaction],
      )
      say(`  Sealed at ${moment(sealed.sealed.time)}: the chain has seen ${sealed.commitment.slice(0, 18)}… and nothing else.`)
      return await ledger.run(
        'unseal',
        () => deposits.unseal(opening),
        ({ record }) => [record!.transaction],
      )
    },
  )
  expect(drawingReceipt.depositedAt < drawingReceipt.record!.time, 'the unsealed deposit to carry the time of its seal')

  chapter(`${WORKS.toLocaleString('en')} works, one transaction`)
  const folder = join(out, 'works')
  await generateWorks(folder, WORKS)
  const batch = await ledger.run(
    `fingerprint, pin and anchor ${WORKS} works`,
    () =>
      runBatch({
        folder,
        // Works as small as these wait for the disk most of the time.
        concurrency: 8,
        out: join(out, 'batch'),
        storage,
        colophon: client(ada),
        signer: ada,
        onProgress: showProgress,
        describe: (path) => ({ title: path, creators: [{ name: 'A machine' }], aiGeneration: 'generated' }),
      }),
    ({ anchor }) => [anchor.transaction],
  )
  const anchoring = ledger.steps.at(-1)!
  anchoring.gasEach = Number(anchoring.gas!) / batch.count
  say(
    facts([
      ['anchored', `${counted(batch.count, 'work')}, ${anchoring.gasEach.toFixed(0)} gas each`],
      ['Merkle root', batch.anchor.root],
      ['manifest', batch.manifestCid],
      ['receipts', shown(batch.receipts)],
    ]),
  )
  expect(batch.count === WORKS && batch.refused.length === 0, `all ${WORKS} works to be anchored`)

  chapter('One of them, lifted: a record of its own, with the time of the anchor')
  const liftedName = 'poem-0417.txt'
  const anchored = JSON.parse(await readFile(receiptFileOf(batch.receipts, liftedName), 'utf8')) as DepositReceipt
  const { anchor, work } = anchored
  const lifted = await ledger.run(
    'lift',
    () => client(ada).deposits.lift({ root: anchor!.root, work, proof: anchor!.proof }),
    ({ record }) => [record!.transaction],
  )
  say(
    facts([
      ['deposit', lifted.id],
      ['good from', moment(lifted.depositedAt)],
      ['receipt', shown(await keep('lifted', lifted))],
    ]),
  )
  expect(lifted.depositedAt === batch.anchor.time, 'the lifted record to carry the time of the anchor')

  chapter('Verified from the outside: from files, receipts and the chain alone')
  const subjects: [string, string, DepositReceipt][] = [
    ['the photograph', photo, photoReceipt],
    ['the essay', essay, essayReceipt],
    ['the drawing', drawingFile, drawingReceipt],
    ['a poem that was lifted', join(folder, liftedName), lifted],
    ['a drawing under the anchor', join(folder, 'drawing-0500.png'), await receiptOf('drawing-0500.png')],
  ]
  const verifications: [string, Verification][] = []
  for (const [name, file, receipt] of subjects) {
    const verification = await ledger.run(`verify ${name}`, () => verify({ file, receipt }, { provider, deployment, storage }))
    expect(
      verification.verdict === 'verified',
      `${name} to be verified, not ${verification.verdict}: ${JSON.stringify(verification.checks.filter(({ status }) => status === 'failed'))}`,
    )
    verifications.push([name, verification])
  }
  say(
    table(
      verifications.map(([name, { verdict, checks }]) => [
        '✓',
        name,
        `${verdict}: ${checks
          .filter(({ ok }) => ok)
          .map((check) => check.name)
          .join(', ')}`,
      ]),
    ),
  )

  chapter('A certificate to hang up, which checks itself')
  const certificateFile = join(out, 'certificate.pdf')
  const certificate = await ledger.run('make a certificate', async () =>
    createCertificate({
      receipt: photoReceipt,
      document: await storage.get(photoReceipt.document!),
      preview: (await previewOf(photo, 'image'))!,
    }),
  )
  await writeFile(certificateFile, certificate)
  const checked = await ledger.run('verify the certificate', () => verifyCertificate(certificate, { provider, deployment, file: photo }))
  expect(checked.verdict === 'verified', `the certificate to be verified, not ${checked.verdict}`)
  const retouched = certificate.slice()
  retouched[retouched.length >> 1]! ^= 1
  const { verdict: retouchedVerdict } = await verifyCertificate(retouched, { provider, deployment })
  expect(retouchedVerdict === 'refuted', `a changed certificate to be refuted, not ${retouchedVerdict}`)
  say(`  ${shown(certificateFile)}: verified, every byte of it; with one bit changed: ${retouchedVerdict}.`)

  chapter('A tampered file is refused')
  const tamperedFile = join(out, 'tampered.jpg')
  const tampered = await readFile(photo)
  tampered[tampered.length - 1000]! ^= 1
  await writeFile(tamperedFile, tampered)
  const refusal = await ledger.run('refuse a tampered file', () =>
    verify({ file: tamperedFile, receipt: photoReceipt }, { provider, deployment, storage }),
  )
  expect(refusal.verdict === 'refuted', `the tampered file to be refuted, not ${refusal.verdict}`)
  say(`  ${shown(tamperedFile)}: one bit of the photograph is another.`)
  say(table(refusal.checks.filter(({ status }) => status === 'failed').map((check) => ['✗', check.name, check.explanation])))

  chapter('Copies are recognised, and strangers are not accused')
  const copiedPicture = join(out, 'copy.jpg')
  const copiedText = join(out, 'copy.md')
  await writeFile(copiedPicture, await copyPicture(await readFile(photo)))
  await writeFile(copiedText, copyText(await readFile(essay, 'utf8')))
  const matches: [string, Match][] = [
    ['the photograph, smaller, brighter, poorer', compare(photoPrint, await fingerprint(copiedPicture))],
    ['the essay, cut, every fifteenth word another', compare(essayPrint, await fingerprint(copiedText))],
    ['the photograph and a drawing', compare(photoPrint, drawingPrint)],
    [
      'two of the generated poems',
      compare(await fingerprint(join(folder, 'poem-0001.txt')), await fingerprint(join(folder, 'poem-0002.txt'))),
    ],
  ]
  say(table(matches.map(([name, { verdict, reason }]) => [name, verdict, reason])))
  expect(matches.map(([, { verdict }]) => verdict).join() === 'copy,copy,different,different', `copy, copy, different, different`)

  chapter('A stranger deposits the copy, sells it on a page, and a panel rules')
  const stranger = chain.funded(3)
  const stolenPrint = await fingerprint(copiedPicture)
  const stolen = await ledger.run(
    'the stranger deposits',
    async () =>
      client(stranger).deposits.create({
        fingerprint: stolenPrint,
        document: await pinWork(storage, stolenPrint, { title: 'My coffee', creators: [{ name: 'A stranger' }] }),
      }),
    ({ record }) => [record!.transaction],
  )
  const ruling = await dispute(
    { chain, ledger, storage },
    { owner: ada, stranger, arbitrators: [4, 5, 6, 7, 8].map((index) => chain.funded(index)) },
    { receipt: photoReceipt, print: photoPrint },
    { receipt: stolen, file: await readFile(copiedPicture) },
  )
  await mkdir(join(out, 'evidence'))
  await writeFile(join(out, 'evidence', 'manifest.json'), ruling.evidence.bytes)
  await writeFile(join(out, 'evidence', 'page.wacz'), ruling.evidence.archive)
  say(table(ruling.trail.map(({ what, time, transaction }) => [moment(time), what, `${transaction.slice(0, 18)}…`])))
  say()
  say(
    facts([
      ['claim', ruling.claimId],
      ['evidence', ruling.evidence.cid],
      ['distance', `${ruling.distance} of 256 bits, counted by the contract`],
      ['votes', `${ruling.votes[0]} of ${ruling.votes[1]} to refute the stranger’s deposit`],
      ['paid to the photographer', `${formatEther(ruling.compensation)} ETH, the stranger’s bond`],
    ]),
  )
  expect(ruling.refuted && ruling.compensation > 0n, 'the panel to refute the copy and the photographer to be compensated')

  chapter('What it took')
  say(
    table(
      [
        ['step', 'time', 'gas'],
        ...ledger.steps.map(({ name, ms, gas, gasEach }) => [
          name,
          `${ms.toFixed(0)} ms`,
          gas === undefined ? '' : `${gas.toLocaleString('en')}${gasEach === undefined ? '' : ` (${gasEach.toFixed(0)} a work)`}`,
        ]),
      ],
      [1, 2],
    ),
  )
  const seconds = (performance.now() - started) / 1000
  await writeFile(
    join(out, 'summary.json'),
    `${JSON.stringify({ seconds, registry: address, steps: ledger.steps, verifications: Object.fromEntries(verifications), refusal, matches: Object.fromEntries(matches), dispute: { claim: ruling.claimId, evidence: ruling.evidence.cid, distance: ruling.distance, refuted: ruling.refuted, trail: ruling.trail } }, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value), 2)}\n`,
  )
  say(
    `\nDone in ${seconds.toFixed(1)} s. Look around in ${shown(out)}: receipts/ prove the deposits, evidence/ shows the copy on its page, store/ holds the documents, summary.json has every figure.`,
  )
} finally {
  await storage.close()
  await chain.close()
}

/** Pins the document, deposits, keeps and shows the receipt. */
async function deposited(
  name: string,
  found: Fingerprint,
  description: WorkDescription,
  send: (input: { fingerprint: Fingerprint; document: Awaited<ReturnType<typeof pinWork>> }) => Promise<DepositReceipt>,
): Promise<DepositReceipt> {
  const document = await ledger.run(`pin the document of the ${name}`, () => pinWork(storage, found, description))
  const receipt = await send({ fingerprint: found, document })
  const kept = await keep(name, receipt)
  say(
    facts([
      ['deposit', receipt.id],
      ['good from', moment(receipt.depositedAt)],
      ['document', document.cid],
      ['receipt', shown(kept)],
    ]),
  )
  return receipt
}

async function keep(name: string, receipt: DepositReceipt): Promise<string> {
  const file = join(out, 'receipts', `${name}.receipt.json`)
  await writeFile(file, `${JSON.stringify(receipt, null, 2)}\n`)
  return file
}

async function receiptOf(path: string): Promise<DepositReceipt> {
  return JSON.parse(await readFile(receiptFileOf(join(out, 'batch', 'receipts'), path), 'utf8')) as DepositReceipt
}

/** One line that is written over; nothing where nobody is looking. */
function showProgress({ stage, done, total }: Progress<string>): void {
  if (!process.stderr.isTTY) return
  const finished = stage === 'receipts' && done === total
  process.stderr.write(finished ? '\r\x1b[K' : `\r\x1b[K  ${stage} ${done}${total === undefined ? '' : ` of ${total}`}`)
}

/** The folder is emptied first, so it must be the demo's own. */
async function checkOut(): Promise<void> {
  const there = (path: string): Promise<boolean> =>
    stat(path).then(
      () => true,
      () => false,
    )
  if ((await there(out)) && !(await there(join(out, MARK)))) {
    console.error(`${out} is there already and was not made by the demo. Choose another folder with --out.`)
    process.exit(2)
  }
}
