import type { ReactNode } from 'react'

/** How a page begins: what it is, and what one does on it. */
export function PageHead({ title, about, children }: { title: string; about: string; children?: ReactNode }): ReactNode {
  return (
    <header className="page-head">
      <h1>{title}</h1>
      <p>{about}</p>
      {children}
    </header>
  )
}
