import { type ComponentType, lazy } from 'react'
import type { appMessages } from './messages.ts'

/** A page: its place in the address, its name, and its code, which is loaded when it is opened. */
export interface Page {
  path: string
  title: keyof (typeof appMessages)['en']
  /** Where the navigation lists it; pages without are reached from others. */
  group?: 'works' | 'trade' | 'alliance'
  content: ComponentType
}

/** In the order of the navigation. */
export const pages: readonly Page[] = [
  { path: '', title: 'home', content: lazy(() => import('../home/HomePage.tsx')) },
  { path: 'discover', title: 'discover', group: 'works', content: lazy(() => import('../discover/DiscoverPage.tsx')) },
  { path: 'deposit', title: 'deposit', group: 'works', content: lazy(() => import('../deposit/DepositPage.tsx')) },
  { path: 'batch', title: 'batch', group: 'works', content: lazy(() => import('../batch/BatchPage.tsx')) },
  { path: 'verify', title: 'verify', group: 'works', content: lazy(() => import('../verify/VerifyPage.tsx')) },
  { path: 'work', title: 'work', content: lazy(() => import('../work/WorkPage.tsx')) },
  { path: 'licenses', title: 'licensesPage', group: 'trade', content: lazy(() => import('../licenses/LicensesPage.tsx')) },
  { path: 'revenue', title: 'revenuePage', group: 'trade', content: lazy(() => import('../revenue/RevenuePage.tsx')) },
  { path: 'claims', title: 'claimsPage', group: 'trade', content: lazy(() => import('../claims/ClaimsPage.tsx')) },
  { path: 'exchange', title: 'exchangePage', group: 'trade', content: lazy(() => import('../exchange/ExchangePage.tsx')) },
  { path: 'agreements', title: 'agreementsPage', group: 'trade', content: lazy(() => import('../agreements/AgreementsPage.tsx')) },
  { path: 'alliance', title: 'alliancePage', group: 'alliance', content: lazy(() => import('../alliance/AlliancePage.tsx')) },
]
