import { Component, memo, type ReactNode, type RefObject, Suspense, startTransition, useEffect, useRef, useState } from 'react'
import { useNetwork } from '../chain/index.ts'
import { Button, Cross, LinkButton, Menu, Moon, Sun } from '../design/index.ts'
import { afterFrame } from '../frames/afterFrame.ts'
import { type Language, useLanguage, useMessages } from '../i18n/index.tsx'
import { hrefOf, type Route, ShownRoute, useAddress } from '../routing/router.ts'
import { Empty, Loading, NetworkNotice } from '../states/index.tsx'
import { WalletButton } from '../wallet/index.ts'
import { appMessages } from './messages.ts'
import { type Page, pages } from './pages.ts'
import { currentTheme, setTheme, type Theme } from './theme.ts'

export function App(): ReactNode {
  const texts = useMessages(appMessages)
  const address = useAddress()
  const [shown, show] = useState(address)
  const [open, setOpen] = useState(false)
  const main = useRef<HTMLElement>(null)

  // The navigation answers in the next frame; the page, which may be a lot of work, follows and is interrupted by further presses.
  useEffect(() => {
    if (address === shown) return
    return afterFrame(() => startTransition(() => show(address)))
  }, [address, shown])
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the address changes
  useEffect(() => setOpen(false), [address])

  return (
    <div className="shell">
      <button type="button" className="skip" onClick={() => main.current?.focus()}>
        {texts.skip}
      </button>
      <header className="masthead">
        <a className="brand" href={hrefOf('')}>
          <img src="./mark.svg" alt="" width={30} height={30} />
          <span>Colophon</span>
        </a>
        <span className="menu-toggle">
          <Button
            look="plain"
            compact
            aria-label={texts.menu}
            aria-expanded={open}
            aria-controls="navigation"
            onPress={() => setOpen(!open)}
          >
            {open ? <Cross /> : <Menu />}
          </Button>
        </span>
        <WalletButton />
      </header>
      <nav id="navigation" className={open ? 'rail open' : 'rail'} aria-label={texts.navigation}>
        {(['works', 'trade', 'alliance'] as const).map((group) => (
          <Group key={group} title={texts[group]} pages={pages.filter((each) => each.group === group)} current={address.page} />
        ))}
        <Preferences />
        <Imprint />
      </nav>
      <Shown route={shown} main={main} />
    </div>
  )
}

/** The page of a route. */
const Shown: (props: { route: Route; main: RefObject<HTMLElement | null> }) => ReactNode = memo(function Shown({ route, main }) {
  const texts = useMessages(appMessages)
  const { page: path, argument, query } = route
  const first = useRef(true)
  const page = pages.find((each) => each.path === path)
  const title = page === undefined ? texts.notFound : texts[page.title]

  // A new page begins at its top, and keyboards and screen readers follow.
  // biome-ignore lint/correctness/useExhaustiveDependencies: when the page is another
  useEffect(() => {
    if (first.current) {
      first.current = false
      return
    }
    scrollTo(0, 0)
    main.current?.focus({ preventScroll: true })
  }, [path, argument])
  useEffect(() => {
    document.title = path === '' ? 'Colophon' : `${title} · Colophon`
  }, [path, title])

  return (
    <ShownRoute value={route}>
      <main id="main" ref={main} tabIndex={-1} data-page={path} data-part={query.get('part') ?? undefined}>
        <NetworkNotice />
        <Boundary key={`${path}/${argument ?? ''}`} texts={texts}>
          <Suspense fallback={<Loading />}>{page === undefined ? <NotFound /> : <page.content />}</Suspense>
        </Boundary>
      </main>
    </ShownRoute>
  )
})

function Group({ title, pages: listed, current }: { title: string; pages: readonly Page[]; current: string }): ReactNode {
  const texts = useMessages(appMessages)
  if (listed.length === 0) return null
  return (
    <section>
      <h2>{title}</h2>
      <ul>
        {listed.map(({ path, title: name }) => (
          <li key={path}>
            <a href={hrefOf(path)} {...(path === current ? { 'aria-current': 'page' as const } : {})}>
              {texts[name]}
            </a>
          </li>
        ))}
      </ul>
    </section>
  )
}

const NAMES: Record<Language, string> = { en: 'English', 'zh-CN': '简体中文' }

function Preferences(): ReactNode {
  const texts = useMessages(appMessages)
  const { language, speak } = useLanguage()
  const [theme, choose] = useState(currentTheme)
  const other: Language = language === 'en' ? 'zh-CN' : 'en'
  const turned: Theme = theme === 'light' ? 'dark' : 'light'
  return (
    <div className="preferences">
      <Button look="plain" compact onPress={() => speak(other)}>
        <span lang={other}>{NAMES[other]}</span>
      </Button>
      <Button
        look="plain"
        compact
        aria-label={`${texts.theme}: ${texts[turned]}`}
        onPress={() => {
          setTheme(turned)
          choose(turned)
        }}
      >
        {turned === 'dark' ? <Moon /> : <Sun />}
        {texts[turned]}
      </Button>
    </div>
  )
}

/** Where one is: at the end, as in a book. */
function Imprint(): ReactNode {
  const texts = useMessages(appMessages)
  const { settings, network } = useNetwork()
  return (
    <footer className="imprint">
      <p>
        <span className={`lamp ${network}`} aria-hidden="true" />
        {texts.chain}: {settings.chainName}
      </p>
      <p>{texts.imprint}</p>
    </footer>
  )
}

function NotFound(): ReactNode {
  const texts = useMessages(appMessages)
  return (
    <Empty page title={texts.notFound}>
      <p>{texts.notFoundAbout}</p>
      <LinkButton href={hrefOf('')}>{texts.toStart}</LinkButton>
    </Empty>
  )
}

/** A fault in one page leaves the others standing. */
class Boundary extends Component<{ texts: { broken: string; reload: string }; children: ReactNode }, { fault?: Error }> {
  override state: { fault?: Error } = {}

  static getDerivedStateFromError(fault: Error): { fault: Error } {
    return { fault }
  }

  override render(): ReactNode {
    const { texts, children } = this.props
    if (this.state.fault === undefined) return children
    return (
      <Empty page title={texts.broken}>
        <p className="mono">{this.state.fault.message}</p>
        <Button onPress={() => location.reload()}>{texts.reload}</Button>
      </Empty>
    )
  }
}
