import type { ReactNode } from 'react'
import { Select, TextField } from '../design/index.ts'
import { useMessages } from '../i18n/index.tsx'
import { type FormFault, type FormValues, formFaults } from './description.ts'
import { depositMessages } from './messages.ts'

/** What the creator says of the work. Faults are shown once `checked`, so that nobody is scolded while typing the first letter. */
export function DepositForm({
  values,
  onChange,
  checked,
  isDisabled,
}: {
  values: FormValues
  onChange(values: FormValues): void
  checked: boolean
  isDisabled: boolean
}): ReactNode {
  const texts = useMessages(depositMessages)
  const words: Record<FormFault, string> = {
    required: texts.required,
    date: texts.date,
    language: texts.faultLanguage,
    country: texts.faultCountry,
    work: texts.faultWork,
  }
  const faults = checked ? formFaults(values) : {}
  const field = (name: keyof FormValues, label: string) => {
    const fault = faults[name]
    return {
      label,
      value: values[name],
      onChange: (value: string) => onChange({ ...values, [name]: value }),
      fault: fault === undefined ? undefined : words[fault],
      isDisabled,
    }
  }
  return (
    <div className="stack">
      <TextField {...field('title', texts.workTitle)} isRequired maxLength={300} />
      <div className="pair">
        <TextField {...field('creator', texts.creator)} hint={texts.creatorHint} isRequired autoComplete="name" maxLength={200} />
        <TextField {...field('role', texts.role)} hint={texts.roleHint} maxLength={100} />
      </div>
      <div className="pair">
        <Select
          label={texts.ai}
          value={values.aiGeneration}
          onChange={(aiGeneration) => onChange({ ...values, aiGeneration })}
          isDisabled={isDisabled}
          options={[
            { id: 'none', name: texts.aiNone },
            { id: 'assisted', name: texts.aiAssisted },
            { id: 'composite', name: texts.aiComposite },
            { id: 'generated', name: texts.aiGenerated },
            { id: 'unsaid', name: texts.unsaid },
          ]}
        />
        <Select
          label={texts.training}
          value={values.aiTraining}
          onChange={(aiTraining) => onChange({ ...values, aiTraining })}
          isDisabled={isDisabled}
          options={[
            { id: 'notAllowed', name: texts.trainingNotAllowed },
            { id: 'allowed', name: texts.trainingAllowed },
            { id: 'constrained', name: texts.trainingConstrained },
            { id: 'unsaid', name: texts.unsaid },
          ]}
        />
      </div>
      <details open={Object.keys(faults).some((name) => !['title', 'creator'].includes(name)) || undefined}>
        <summary>{texts.more}</summary>
        <div className="stack more">
          <TextField {...field('about', texts.aboutWork)} lines={3} maxLength={5000} />
          <div className="pair">
            <TextField {...field('created', texts.created)} hint={texts.createdHint} />
            <TextField {...field('language', texts.language)} hint={texts.languageHint} />
          </div>
          <TextField {...field('keywords', texts.keywords)} hint={texts.keywordsHint} />
          <div className="pair">
            <TextField {...field('published', texts.published)} hint={texts.createdHint} />
            <TextField {...field('country', texts.country)} hint={texts.countryHint} maxLength={2} />
          </div>
          <TextField {...field('priorWork', texts.priorWork)} hint={texts.priorWorkHint} mono />
        </div>
      </details>
    </div>
  )
}
