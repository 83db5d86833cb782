import type { ReactNode } from 'react'
import { Tab, TabList, TabPanel, Tabs } from 'react-aria-components'
import { hrefOf, navigate, useRoute } from '../routing/router.ts'
import './sections.css'

export interface Section {
  id: string
  name: string
  content: () => ReactNode
}

/** Parts of a page of which one is seen; which one is in the address, so that it can be linked and reloaded. */
export function Sections({ label, sections }: { label: string; sections: readonly Section[] }): ReactNode {
  const { page, query } = useRoute()
  const asked = query.get('part')
  const selected = sections.find(({ id }) => id === asked)?.id ?? sections[0]!.id
  return (
    <Tabs
      className="sections"
      selectedKey={selected}
      onSelectionChange={(key) => {
        if (key !== selected) navigate(hrefOf(page, undefined, { part: String(key) }))
      }}
    >
      <TabList className="tabs-list" aria-label={label}>
        {sections.map(({ id, name }) => (
          <Tab key={id} id={id} className="tab">
            {name}
          </Tab>
        ))}
      </TabList>
      {sections.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="section">
          {content()}
        </TabPanel>
      ))}
    </Tabs>
  )
}
