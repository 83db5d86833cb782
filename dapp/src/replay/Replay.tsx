import { type ReactNode, useEffect, useRef, useState } from 'react'
import { CLOSE, REPLAY_FAULTS, REPLAY_STATES, type ReplayRequest, type ReplayState } from '../../replay/protocol.ts'
import { Button } from '../design/index.ts'
import { useFormats, useMessages } from '../i18n/index.tsx'
import { useSettings } from '../settings/context.ts'
import { replayMessages } from './messages.ts'
import { replayOrigin } from './origin.ts'
import './replay.css'

export interface ReplayedPage {
  /** A WACZ that was checked. */
  archive: Uint8Array<ArrayBuffer>
  /** Of the archive: `0x` and 64 hex digits. */
  sha256: string
  /** The captured page, as the manifest has it. */
  url: string
  /** When it was captured, in ISO 8601. */
  capturedAt: string
}

/** `unreachable`: nobody answers there. `slow`: it takes long, and goes on. */
type Shown = Exclude<ReplayState, 'closed'> | 'unreachable' | 'slow'

const FAULTS: readonly string[] = ['unreachable', ...REPLAY_FAULTS]
const ANSWERS_WITHIN = 15_000
const SLOW_AFTER = 20_000
const CLOSES_WITHIN = 5000

/** A captured page as it was, in a frame with an origin of its own; on demand, because its scripts run there. */
export function Replay(page: ReplayedPage): ReactNode {
  const texts = useMessages(replayMessages)
  const { replay } = useSettings()
  const [open, setOpen] = useState(false)
  // Asked to be left, so that what it stored is removed before it goes.
  const [leaving, setLeaving] = useState(false)
  if (replay === undefined) return <p className="small quiet">{texts.none}</p>
  return (
    <section className="stack" data-replay={open ? 'open' : 'closed'}>
      <h3>{texts.title}</h3>
      <p className="small">{texts.about}</p>
      <div className="row">
        <Button compact onPress={() => (open ? setLeaving(true) : setOpen(true))}>
          {open ? texts.leave : texts.replay}
        </Button>
      </div>
      {open && (
        <Frame
          {...page}
          origin={replayOrigin(replay, page.sha256)}
          leaving={leaving}
          onLeft={() => {
            setOpen(false)
            setLeaving(false)
          }}
        />
      )}
    </section>
  )
}

function Frame({
  archive,
  url,
  capturedAt,
  origin,
  leaving,
  onLeft,
}: ReplayedPage & { origin: string; leaving: boolean; onLeft: () => void }): ReactNode {
  const texts = useMessages(replayMessages)
  const { moment } = useFormats()
  const [shown, setShown] = useState<Shown>('loading')
  const failed = FAULTS.includes(shown)
  const port = useRef<MessagePort>(undefined)
  const answered = useRef(false)
  const left = useRef(onLeft)
  left.current = onLeft

  useEffect(() => {
    const timers = [
      // Only the page itself gives a port an answer.
      setTimeout(() => setShown((now) => (answered.current || now !== 'loading' ? now : 'unreachable')), ANSWERS_WITHIN),
      setTimeout(() => setShown((now) => (now === 'loading' ? 'slow' : now)), SLOW_AFTER),
    ]
    return () => {
      timers.forEach(clearTimeout)
      port.current?.postMessage(CLOSE)
      port.current?.close()
    }
  }, [])

  useEffect(() => {
    if (!leaving) return
    port.current?.postMessage(CLOSE)
    const timer = setTimeout(() => left.current(), answered.current && !failed ? CLOSES_WITHIN : 0)
    return () => clearTimeout(timer)
  }, [leaving, failed])

  /** Once: a frame that loads again is no longer the page that the archive is for, and the target of the message is exact. */
  function hand(frame: HTMLIFrameElement): void {
    if (port.current !== undefined) return
    const channel = new MessageChannel()
    port.current = channel.port1
    channel.port1.onmessage = ({ data }: MessageEvent<unknown>) => {
      // Whatever was replayed there may speak here too.
      if (!REPLAY_STATES.includes(data as ReplayState)) return
      answered.current = true
      if (data === 'closed') left.current()
      // A page that was seen is not taken away because it leads to one that was not captured.
      else setShown((now) => (now === 'shown' ? now : (data as Shown)))
    }
    const copy = archive.slice().buffer
    const request: ReplayRequest = { type: 'colophon.replay', archive: copy, url }
    frame.contentWindow?.postMessage(request, origin, [copy, channel.port2])
  }

  if (failed)
    return (
      <div className="notice bad" role="alert">
        <p className="head">{texts[`fault_${shown as 'unreachable'}`]}</p>
        <p>{texts.instead}</p>
      </div>
    )
  return (
    <div className="replay">
      <p className="replay-bar small">
        <span>{texts.captured(moment(Date.parse(capturedAt) / 1000))}</span>
        <code>{url}</code>
      </p>
      <p className="small quiet" role="status">
        {shown === 'shown' ? texts.shown : shown === 'slow' ? texts.slow : texts.loading}
      </p>
      {/* Scripts are what it is about, and the origin, which is not ours, is for the service worker that answers in the network's place. No forms' targets,
          popups, dialogs or downloads, and no other page in the place of this one. */}
      <iframe
        sandbox="allow-scripts allow-same-origin"
        allow="autoplay 'none'; clipboard-read 'none'; clipboard-write 'none'; fullscreen 'none'"
        referrerPolicy="no-referrer"
        src={`${origin}/`}
        title={texts.frame(url)}
        onLoad={({ currentTarget }) => hand(currentTarget)}
      />
    </div>
  )
}
