import type { ReactNode } from 'react'

/** Drawn with one stroke, in the colour of the text; decoration only, so that what they stand beside is named by words. */
function icon(path: string, size = 20): () => ReactNode {
  return () => (
    <svg
      width={size}
      height={size}
      viewBox="0 0 20 20"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  )
}

export const Check: () => ReactNode = icon('M4 10.5l4 4 8-9', 16)
export const Cross: () => ReactNode = icon('M5 5l10 10M15 5L5 15', 18)
export const Down: () => ReactNode = icon('M5 8l5 5 5-5', 16)
export const Menu: () => ReactNode = icon('M3 6h14M3 10h14M3 14h14')
export const Sun: () => ReactNode = icon(
  'M10 6.5a3.5 3.5 0 100 7 3.5 3.5 0 000-7zM10 1.5v2M10 16.5v2M1.5 10h2M16.5 10h2M4 4l1.4 1.4M14.6 14.6L16 16M16 4l-1.4 1.4M5.4 14.6L4 16',
  18,
)
export const Moon: () => ReactNode = icon('M16.5 12A7 7 0 018 3.5a7 7 0 108.5 8.5z', 18)
export const Wallet: () => ReactNode = icon('M2.5 5.5h13a2 2 0 012 2v7a2 2 0 01-2 2h-11a2 2 0 01-2-2zm0 0a2 2 0 012-2h9M13 11h1.5', 18)
export const Copy: () => ReactNode = icon('M7 7h9v10H7zM13 7V3H4v10h3', 16)
