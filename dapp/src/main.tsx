import '@fontsource-variable/bricolage-grotesque/wght.css'
import '@fontsource-variable/instrument-sans/wght.css'
import '@fontsource-variable/spline-sans-mono/wght.css'
import './design/tokens.css'
import './design/base.css'
import './design/controls.css'
import './app/first.css'
import { StrictMode } from 'react'
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
loadSettings().then(
  (settings) =>
    root.render(
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
    root.render(
      <main>
        <h1>Colophon</h1>
        <p role="alert">{fault.message}</p>
      </main>,
    ),
)

// A hundred slices of which the browser fetches those whose characters are on the page, and none where the system has a Chinese font.
addEventListener('load', () => void import('@fontsource-variable/noto-sans-sc/wght.css'))
