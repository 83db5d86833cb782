import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { createTerminal, type Terminal } from '../../src/cli/terminal.ts'

/** A terminal of 60 columns, and what it was sent. */
function terminal(more: { isTTY?: boolean; env?: Record<string, string>; quiet?: boolean } = {}): {
  written: string[]
  terminal: Terminal
} {
  const written: string[] = []
  const stream = {
    isTTY: more.isTTY ?? true,
    columns: 60,
    write: (text: string) => {
      written.push(text)
      return true
    },
  } as unknown as NodeJS.WriteStream
  return { written, terminal: createTerminal({ out: stream, err: stream, env: more.env ?? {}, quiet: more.quiet ?? false }) }
}

describe('cli: terminal', () => {
  it('shows progress in one line that fits, and takes it away', () => {
    const { written, terminal: screen } = terminal()
    const bar = screen.bar('Fingerprinting a folder with a rather long name')
    bar.onProgress({ stage: 'fingerprint', done: 0, total: 4000, unit: 'items' })
    bar.onProgress({ stage: 'fingerprint', done: 4000, total: 4000, unit: 'items' })
    bar.onProgress({ stage: 'read', done: 5_000_000, unit: 'bytes' })
    bar.onProgress({ stage: 'anchor', done: 0, total: 1, unit: 'steps' })
    const lines = written.map((line) => stripVTControlCharacters(line).replace('\r', ''))
    for (const line of lines) expect(line.length).to.be.lessThan(60)
    expect(lines[1]).to.include('━━━')
    expect(lines[2]).to.include('read')
    screen.note('A notice.')
    bar.end()
    expect(written.at(-1)).to.equal('\r\u001b[2K')
    expect(stripVTControlCharacters(written.at(-2)!)).to.equal('A notice.\n')
  })

  it('draws rarely, but always the end', () => {
    const { written, terminal: screen } = terminal()
    const bar = screen.bar('x')
    for (let done = 0; done <= 10_000; done++) bar.onProgress({ stage: 's', done, total: 10_000, unit: 'items' })
    expect(written.length).to.be.lessThan(1000)
    expect(written.at(-1)).to.include('10,000 of 10,000')
  })

  it('says nothing where nobody looks, or when told to be quiet', () => {
    for (const options of [{ isTTY: false }, { quiet: true }, { env: { TERM: 'dumb' } }]) {
      const { written, terminal: screen } = terminal(options)
      const bar = screen.bar('x')
      bar.onProgress({ stage: 's', done: 1, total: 2, unit: 'items' })
      bar.end()
      expect(written).to.deep.equal([])
      screen.note('A notice.')
      expect(written.length).to.equal(options.quiet === true ? 0 : 1)
    }
  })

  it('colours as NO_COLOR and FORCE_COLOR want it', () => {
    const bold = (options: Parameters<typeof terminal>[0]): string => terminal(options).terminal.style('bold', 'x')
    expect(bold({})).to.equal('\u001b[1mx\u001b[22m')
    expect(bold({ isTTY: false })).to.equal('x')
    expect(bold({ env: { NO_COLOR: '1' } })).to.equal('x')
    expect(bold({ isTTY: false, env: { FORCE_COLOR: '1' } })).to.equal('\u001b[1mx\u001b[22m')
    expect(bold({ env: { FORCE_COLOR: '0' } })).to.equal('x')
    expect(terminal().terminal.cross).to.equal('\u001b[31m✗\u001b[39m')
  })
})
