export type Theme = 'light' | 'dark'

const KEPT = 'colophon.theme'

/** The theme that was chosen, else the system's. */
export function currentTheme(): Theme {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'light' || kept === 'dark') return kept
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

/** Sets what was chosen; with nothing chosen the style sheets follow the system. */
export function restoreTheme(): void {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'light' || kept === 'dark') document.documentElement.dataset.theme = kept
}

export function setTheme(theme: Theme): void {
  localStorage.setItem(KEPT, theme)
  document.documentElement.dataset.theme = theme
}
