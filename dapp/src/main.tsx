import { type ReactNode, StrictMode, startTransition } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App.tsx'
import { restoreTheme } from './app/theme.ts'
import { CatalogueProvider } from './catalogue/index.ts'
import { ChainProvider } from './chain/index.ts'
import { LanguageProvider } from './i18n/index.tsx'
import { SettingsContext } from './settings/context.ts'
import { loadSettings } from './settings/settings.ts'
import { WalletProvider } from './wallet/index.ts'

restoreTheme()
const root = createRoot(document.getElementById('root')!)
/** In pieces, between which presses are answered. */
const render = (page: ReactNode): void => startTransition(() => root.render(page))
loadSettings().then(
  (settings) =>
    render(
      <StrictMode>
        <SettingsContext value={settings}>
          <LanguageProvider>
            <WalletProvider settings={settings}>
              <ChainProvider settings={settings}>
                <CatalogueProvider>
                  <App />
                </CatalogueProvider>
              </ChainProvider>
            </WalletProvider>
          </LanguageProvider>
        </SettingsContext>
      </StrictMode>,
    ),
  (fault: Error) =>
    render(
      <main>
        <h1>Colophon</h1>
        <p role="alert">{fault.message}</p>
      </main>,
    ),
)
