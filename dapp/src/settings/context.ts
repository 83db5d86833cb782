import { createContext, useContext } from 'react'
import type { Settings } from './settings.ts'

export const SettingsContext: React.Context<Settings | undefined> = createContext<Settings | undefined>(undefined)

export function useSettings(): Settings {
  return useContext(SettingsContext)!
}
