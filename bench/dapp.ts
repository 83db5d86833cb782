// `npm run bench:dapp`: how soon the dApp is there, how soon it answers, and how it scrolls through 10,000 works, in Chromium whose processor is slowed
// down four times. The clock depends on what else the machine does, so the processor time of the page's thread stands beside it.
// Writes bench/results/dapp.json and the table in docs/benchmarks.md; takes two minutes.
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { CopyrightRegistry__factory } from '@colophon/sdk/contracts'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { buildDapp } from '../scripts/dapp/build.ts'
import { type LocalDapp, startDapp } from '../scripts/dapp/dapp.ts'
import { seed } from '../scripts/dapp/seed.ts'
import { launchChromium } from '../sdk/test/browser/chromium.ts'
import { median, replaceSection } from './report.ts'

const ROUNDS = 3
const SLOWER = 4
const WORKS = 10_000
const SCROLLED = 240
const root = join(import.meta.dirname, '..')

interface Measured {
  what: string
  goal: string
  clock: number
  /** Of the page's thread, in milliseconds at full speed. */
  processor: number
  unit: 'ms' | 'frames/s'
}

const load = loadavg()[0]!
if (!buildDapp()) throw new Error('The packages of the dApp cannot be had.')
const browser = await launchChromium()
if (browser === undefined) throw new Error('There is no Chromium here.')
const dapp = await startDapp({ port: 0, rpcPort: 0 })
try {
  await seed(dapp)
  const measured = [await paint(browser, dapp), await interaction(browser, dapp), await scrolling(browser, dapp)]
  mkdirSync(join(root, 'bench', 'results'), { recursive: true })
  const machine = `${cpus()[0]?.model.trim()}, ${cpus().length} cores, load ${load.toFixed(1)} from other work at the start`
  writeFileSync(join(root, 'bench', 'results', 'dapp.json'), `${JSON.stringify({ machine, measured }, null, 2)}\n`)
  const table = [
    `${machine}; Chromium slowed down ${SLOWER} times, medians of ${ROUNDS} rounds.`,
    '',
    '| What | Goal | By the clock | Processor time of the page’s thread, at full speed |',
    '| --- | --- | --- | --- |',
    ...measured.map(
      ({ what, goal, clock, processor, unit }) =>
        `| ${what} | ${goal} | ${clock.toFixed(unit === 'ms' ? 0 : 1)} ${unit} | ${processor.toFixed(1)} ms${unit === 'ms' ? '' : ' a frame'} |`,
    ),
  ].join('\n')
  replaceSection(join(root, 'docs', 'benchmarks.md'), 'dapp', table)
  console.log(table)
} finally {
  await browser.close()
  await dapp.stop()
}

/** A new window, slowed down, with nothing kept from others. */
async function openWindow(
  from: Browser,
  url: string,
  slower: number = SLOWER,
  before?: (page: Page) => Promise<unknown>,
): Promise<{ page: Page; session: CDPSession }> {
  const context = await from.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en' })
  const page = await context.newPage()
  const session = await context.newCDPSession(page)
  await session.send('Performance.enable', { timeDomain: 'threadTicks' })
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower })
  await page.addInitScript(`new PerformanceObserver((list) => { globalThis.painted = list.getEntries().at(-1).startTime }).observe({ type: 'largest-contentful-paint', buffered: true });
    globalThis.answered = 0
    new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (entry.interactionId) globalThis.answered = Math.max(globalThis.answered, entry.duration) }).observe({ type: 'event', durationThreshold: 16, buffered: true })`)
  await before?.(page)
  await page.goto(url)
  return { page, session }
}

/** Milliseconds of the thread, as they would be at full speed: what is slowed down is busy for longer. */
async function busy(session: CDPSession, slower: number = SLOWER): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000) / slower
}

async function paint(from: Browser, { url }: LocalDapp): Promise<Measured> {
  const rounds: { clock: number; processor: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { page, session } = await openWindow(from, url)
    await page.locator('.work-card').first().waitFor()
    await page.waitForTimeout(300)
    rounds.push({ clock: Number(await page.evaluate('painted')), processor: await busy(session) })
    await page.context().close()
  }
  return {
    what: 'Largest contentful paint of the start page; beside it all work until the latest deposits are there',
    goal: '1,500 ms',
    clock: median(rounds.map(({ clock }) => clock)),
    processor: median(rounds.map(({ processor }) => processor)),
    unit: 'ms',
  }
}

/** Presses what answers slowest: a page that is another, a language that is another, a filter that opens. */
async function interaction(from: Browser, { url }: LocalDapp): Promise<Measured> {
  const rounds: { clock: number; processor: number }[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const { page, session } = await openWindow(from, url)
    await page.locator('.work-card').first().waitFor()
    const before = await busy(session)
    await page.getByRole('link', { name: 'Discover', exact: true }).click()
    await page.locator('[data-page=discover] .work-card').first().waitFor()
    await page.getByRole('button', { name: /Kind/ }).click()
    await page.getByRole('option', { name: 'Recording' }).click()
    await page.getByRole('button', { name: '简体中文' }).click()
    await page.getByRole('heading', { level: 1, name: '发现' }).waitFor()
    await page.waitForTimeout(300)
    rounds.push({ clock: Number(await page.evaluate('answered')), processor: ((await busy(session)) - before) / 4 })
    await page.context().close()
  }
  return {
    what: 'Interaction to next paint, the slowest of four presses; beside it the mean of their work',
    goal: '200 ms',
    clock: median(rounds.map(({ clock }) => clock)),
    processor: median(rounds.map(({ processor }) => processor)),
    unit: 'ms',
  }
}

/** Scrolls a card's height in ten frames, for as many frames as were asked, through works that an RPC tells of. */
async function scrolling(from: Browser, { url, stack }: LocalDapp): Promise<Measured> {
  const { address, block } = stack.deployment.contracts.CopyrightRegistry!
  const deposits = madeUpDeposits(address, block)
  const rounds: { clock: number; processor: number }[] = []
  const reading: number[] = []
  for (let round = 0; round < 3; round++) {
    const { page, session } = await openWindow(from, `${url}#/discover`, 1, (opened) => opened.addInitScript(deposits))
    await page.getByText(`${WORKS.toLocaleString('en')} works`).waitFor({ timeout: 300_000 })
    await page.locator('.work-card').first().waitFor()
    reading.push(await busy(session, 1))
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    const before = await busy(session)
    const spent = (await page.evaluate(`new Promise((resolve) => {
      let left = ${SCROLLED}
      let from
      const next = (now) => {
        from ??= now
        if (left-- === 0) return resolve(now - from)
        scrollBy(0, 36)
        requestAnimationFrame(next)
      }
      requestAnimationFrame(next)
    })`)) as number
    rounds.push({ clock: (SCROLLED * 1000) / spent, processor: ((await busy(session)) - before) / SCROLLED })
    await page.context().close()
  }
  console.log(`Reading them: ${median(reading).toFixed(0)} ms of the page's thread.`)
  return {
    what: `Scrolling through ${WORKS.toLocaleString('en')} works`,
    goal: '55 frames/s',
    clock: median(rounds.map(({ clock }) => clock)),
    processor: median(rounds.map(({ processor }) => processor)),
    unit: 'frames/s',
  }
}

/**
 * A script that has the page's RPC tell of made-up deposits, as many as were asked, beside what else it is asked: each value is a word of its own, as
 * the event lays them out.
 */
function madeUpDeposits(address: string, block: number): string {
  const event = CopyrightRegistry__factory.createInterface().getEvent('Deposited')
  const inputs = event.inputs.map(({ name, type, indexed }) => ({ name, type, indexed: indexed === true }))
  return `(() => {
    const { address, topic, inputs, block, works } = ${JSON.stringify({ address: address.toLowerCase(), topic: event.topicHash, inputs, block: `0x${block.toString(16)}`, works: WORKS })}
    let state = 1
    const word = () => Array.from({ length: 8 }, () => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0)).toString(16).padStart(8, '0')).join('')
    const valueOf = ({ name, type }, index) =>
      name === 'fingerprintType' ? (1 + (index % 3)).toString(16).padStart(64, '0') : type === 'address' ? word().slice(24).padStart(64, '0') : word()
    const logs = Array.from({ length: works }, (_, index) => {
      const values = inputs.map((input) => ({ indexed: input.indexed, value: valueOf(input, index) }))
      return {
        address,
        topics: [topic, ...values.filter(({ indexed }) => indexed).map(({ value }) => '0x' + value)],
        data: '0x' + values.filter(({ indexed }) => !indexed).map(({ value }) => value).join(''),
        blockNumber: block, blockHash: '0x' + '11'.repeat(32), transactionHash: '0x' + word(),
        transactionIndex: '0x0', logIndex: '0x' + index.toString(16), removed: false,
      }
    })
    const ask = globalThis.fetch
    globalThis.fetch = async (url, options) => {
      const answer = await ask(url, options)
      if (!String(url).endsWith('/rpc')) return answer
      const given = JSON.parse(typeof options.body === 'string' ? options.body : new TextDecoder().decode(options.body))
      const wanted = new Set([given].flat().filter(({ method, params }) => method === 'eth_getLogs' && [params[0].topics?.[0]].flat().includes(topic)).map(({ id }) => id))
      if (wanted.size === 0) return answer
      const found = await answer.json()
      for (const each of [found].flat()) if (wanted.has(each.id)) each.result = logs
      return new Response(JSON.stringify(found), { headers: { 'content-type': 'application/json' } })
    }
  })()`
}
