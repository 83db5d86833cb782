// What the page begins with: the looks of what every page and the start page have, at once; and the app after the first words are painted, so that its
// work does not keep them back.
import '@fontsource-variable/bricolage-grotesque/wght.css'
import '@fontsource-variable/instrument-sans/wght.css'
import '@fontsource-variable/spline-sans-mono/wght.css'
import './design/tokens.css'
import './design/base.css'
import './design/controls.css'
import './app/first.css'
import './app/shell.css'
import './files/files.css'
import './mark/mark.css'
import './discover/discover.css'
import './home/home.css'

const run = (): void => void import('./main.tsx')

// Only the start page has words to be painted; and what is not looked at is not painted.
if (document.documentElement.dataset.first === undefined || document.visibilityState === 'hidden') run()
else requestAnimationFrame(() => setTimeout(run))

// A hundred slices of which the browser fetches those whose characters are on the page, and none where the system has a Chinese font.
addEventListener('load', () => void import('@fontsource-variable/noto-sans-sc/wght.css'))
