import type { SignedOffer, WriteOptions } from '@colophon/sdk'
import { CHANNELS, RIGHTS, TERRITORIES } from '@colophon/sdk/licenses'
import { type ReactNode, useState } from 'react'
import { Action, NeedsWallet, signing } from '../action/index.ts'
import { useChain } from '../chain/index.ts'
import { Citation, citationMessages, useOwnWorks, WorkSelect } from '../citation/index.ts'
import { Button, Checkbox, LinkButton, Options, RadioGroup, Select, TextField } from '../design/index.ts'
import { useFormats, useLanguage, useMessages } from '../i18n/index.tsx'
import { AmountField, ExactAmount, useMoney } from '../money/index.ts'
import { hrefOf, useRoute } from '../routing/router.ts'
import { download } from '../saving/index.ts'
import { Empty, Loading } from '../states/index.tsx'
import { publish } from '../store/documents.ts'
import { policyOf, Terms, useWords, wordsMessages } from '../terms/index.ts'
import { asRead, type DraftFault, emptyDraft, type OfferDraft, readDraft } from './draft.ts'
import { licensesMessages } from './messages.ts'

const ID = /^0x[0-9a-f]{64}$/

/** Writes an offer: on the one side what is chosen, on the other what it says. */
export function Editor(): ReactNode {
  const texts = useMessages(citationMessages)
  const { account } = useChain()
  const own = useOwnWorks()
  if (account === undefined) return <NeedsWallet />
  if (own.status === 'loading' && own.works.length === 0) return <Loading />
  if (own.works.length === 0)
    return (
      <Empty title={texts.noWorks}>
        <LinkButton href={hrefOf('deposit')}>{texts.deposit}</LinkButton>
      </Empty>
    )
  return <Form works={own.works} />
}

function Form({ works }: { works: readonly `0x${string}`[] }): ReactNode {
  const texts = useMessages(licensesMessages)
  const names = useMessages(wordsMessages)
  const { language } = useLanguage()
  const { date } = useFormats()
  const { colophon, settings } = useChain()
  const { query } = useRoute()
  const { kindOf } = useMoney()
  const { sentences } = useWords()
  const [draft, setDraft] = useState<OfferDraft>(() => {
    const asked = query.get('work')
    return { ...emptyDraft(new Date()), workId: asked !== null && ID.test(asked) ? (asked as `0x${string}`) : '' }
  })
  const [tried, setTried] = useState(false)
  const [onChain, setOnChain] = useState(true)
  const [attach, setAttach] = useState(true)
  const [signed, setSigned] = useState<SignedOffer>()
  const change = (part: Partial<OfferDraft>): void => {
    setDraft((before) => ({ ...before, ...part }))
    setSigned(undefined)
  }
  const { terms, faults } = readDraft(draft, kindOf(draft.currency).decimals, new Date())
  const fault = (name: DraftFault, text: string): string | undefined => (tried && faults.has(name) ? text : undefined)
  const read = asRead(terms)
  const closesAt = terms.closesAt as Date
  const workId = terms.workId as `0x${string}`
  const policy = policyOf(
    { ...read, workId, price: terms.price, currency: draft.currency, supply: terms.supply!, closesAt },
    settings.chainId,
  )

  /** The words are in storage before the offer names them. */
  const withWords = async (): Promise<typeof terms> => {
    if (!attach) return terms
    const words = { type: 'colophon-license-terms', version: 1, language, sentences: sentences(read), policy }
    const bytes = new TextEncoder().encode(JSON.stringify(words))
    let cid = ''
    await publish(settings, {
      put: async (storage) => {
        cid = (await storage.put(bytes)).cid
        return [cid]
      },
    })
    return { ...terms, document: cid }
  }
  const write = async (options: WriteOptions): Promise<SignedOffer> => {
    const complete = await withWords()
    if (onChain) return (await colophon.licenses.open(complete, options)).offer
    return await signing(options, () => colophon.licenses.sign(complete))
  }

  return (
    <div className="split-view">
      <div className="editor">
        <WorkSelect
          works={works}
          value={draft.workId}
          onChange={(id) => change({ workId: id })}
          fault={fault('workId', texts.chooseWork)}
        />
        <Options
          legend={texts.rights}
          options={RIGHTS.map((id) => ({ id, name: names[id], about: names[`${id}About`] }))}
          chosen={draft.rights}
          onChange={(rights) => change({ rights: RIGHTS.filter((right) => rights.includes(right)) })}
          fault={fault('rights', texts.rightsFault)}
        />
        <div className="form-grid">
          <RadioGroup
            label={texts.where}
            options={[
              { id: 'world', name: texts.everywhere },
              { id: 'some', name: texts.someRegions },
            ]}
            value={draft.everywhere ? 'world' : 'some'}
            onChange={(id) => change({ everywhere: id === 'world' })}
          />
          <RadioGroup
            label={texts.media}
            options={[
              { id: 'all', name: texts.anyMedium },
              { id: 'some', name: texts.someMedia },
            ]}
            value={draft.anyMedium ? 'all' : 'some'}
            onChange={(id) => change({ anyMedium: id === 'all' })}
          />
        </div>
        {!draft.everywhere && (
          <Options
            legend={texts.someRegions}
            options={TERRITORIES.map((id) => ({ id, name: names[id] }))}
            chosen={draft.territories}
            onChange={(territories) => change({ territories: TERRITORIES.filter((each) => territories.includes(each)) })}
            fault={fault('territories', texts.regionsFault)}
          />
        )}
        {!draft.anyMedium && (
          <Options
            legend={texts.someMedia}
            options={CHANNELS.map((id) => ({ id, name: names[id] }))}
            chosen={draft.channels}
            onChange={(channels) => change({ channels: CHANNELS.filter((each) => channels.includes(each)) })}
            fault={fault('channels', texts.mediaFault)}
          />
        )}
        <fieldset className="options stack">
          <legend>{texts.howLong}</legend>
          <div className="time-field">
            <TextField
              label={texts.time}
              value={draft.time}
              onChange={(time) => change({ time })}
              inputMode="numeric"
              isDisabled={draft.unit === 'forever'}
              fault={fault('time', texts.timeFault)}
            />
            <Select
              label={texts.unit}
              options={[
                { id: 'days', name: texts.days },
                { id: 'years', name: texts.years },
                { id: 'forever', name: texts.noEnd },
              ]}
              value={draft.unit}
              onChange={(unit) => change({ unit })}
            />
          </div>
        </fieldset>
        <fieldset className="options">
          <legend>{texts.kind}</legend>
          <Checkbox isSelected={draft.exclusive} onChange={(exclusive) => change({ exclusive })} hint={texts.exclusiveAbout}>
            {texts.exclusive}
          </Checkbox>
          {draft.unit !== 'forever' && (
            <Checkbox isSelected={draft.renewable} onChange={(renewable) => change({ renewable })} hint={texts.renewableAbout}>
              {texts.renewable}
            </Checkbox>
          )}
          <Checkbox isSelected={draft.transferable} onChange={(transferable) => change({ transferable })}>
            {texts.transferable}
          </Checkbox>
          <div className="form-grid">
            {draft.transferable && (
              <TextField
                label={texts.resale}
                value={draft.resale}
                onChange={(resale) => change({ resale })}
                inputMode="decimal"
                fault={fault('resale', texts.percentFault)}
              />
            )}
            {draft.rights.includes('adapt') && (
              <TextField
                label={texts.derivative}
                value={draft.derivative}
                onChange={(derivative) => change({ derivative })}
                inputMode="decimal"
                fault={fault('derivative', texts.percentFault)}
              />
            )}
          </div>
        </fieldset>
        <fieldset className="options stack">
          <legend>{texts.howMuch}</legend>
          <div className="form-grid">
            <AmountField
              label={texts.price}
              value={draft.price}
              onChange={(price) => change({ price })}
              currency={draft.currency}
              onCurrency={(currency) => change({ currency })}
              fault={fault('price', texts.priceFault)}
            />
            <TextField
              label={texts.supply}
              value={draft.supply}
              onChange={(supply) => change({ supply })}
              inputMode="numeric"
              fault={fault('supply', texts.supplyFault)}
            />
            <TextField
              label={texts.closing}
              type="date"
              value={draft.closing}
              onChange={(closing) => change({ closing })}
              fault={fault('closing', texts.closingFault)}
            />
          </div>
        </fieldset>
        <RadioGroup
          label={texts.publish}
          options={[
            { id: 'chain', name: texts.onChain, about: texts.onChainAbout },
            { id: 'file', name: texts.asFile, about: texts.asFileAbout },
          ]}
          value={onChain ? 'chain' : 'file'}
          onChange={(id) => {
            setOnChain(id === 'chain')
            setSigned(undefined)
          }}
        />
        <Checkbox isSelected={attach} onChange={setAttach} hint={texts.attachAbout}>
          {texts.attach}
        </Checkbox>
      </div>
      <aside className="sheet stack preview" aria-label={texts.preview}>
        <h2>{texts.preview}</h2>
        {draft.workId !== '' && <Citation workId={draft.workId} />}
        <p className="offer-price">{terms.price === 0n ? texts.free : <ExactAmount amount={terms.price} currency={draft.currency} />}</p>
        <Terms terms={read} policy={policy} />
        <p className="small quiet">
          {texts.supply}: {String(terms.supply)} · {texts.closing}: {date(closesAt.getTime() / 1000)}
        </p>
        <div className="row">
          <Action
            key={onChain ? 'chain' : 'file'}
            look="primary"
            label={onChain ? texts.publishIt : texts.signIt}
            contract="LicenseToken"
            prepare={() => {
              setTried(true)
              return faults.size === 0
            }}
            facts={() => [
              { name: texts.work, value: <Citation workId={workId} size={40} /> },
              {
                name: texts.price,
                value: terms.price === 0n ? texts.free : <ExactAmount amount={terms.price} currency={draft.currency} />,
              },
              { name: texts.inWords, value: sentences(read).join(' ') },
              { name: texts.supply, value: String(terms.supply) },
              { name: texts.closing, value: date(closesAt.getTime() / 1000) },
            ]}
            run={write}
            onDone={setSigned}
            done={onChain ? texts.published : texts.signedIt}
          />
          {signed !== undefined && (
            <Button onPress={() => download(`offer-${signed.id.slice(2, 12)}.json`, 'application/json', JSON.stringify(signed, null, 2))}>
              {texts.save}
            </Button>
          )}
        </div>
        {tried && faults.size > 0 && (
          <p className="notice bad" role="alert">
            {[
              fault('workId', texts.chooseWork),
              fault('rights', texts.rightsFault),
              fault('territories', texts.regionsFault),
              fault('channels', texts.mediaFault),
              fault('time', texts.timeFault),
              fault('resale', texts.percentFault),
              fault('derivative', texts.percentFault),
              fault('price', texts.priceFault),
              fault('supply', texts.supplyFault),
              fault('closing', texts.closingFault),
            ]
              .filter(Boolean)
              .join(' ')}
          </p>
        )}
      </aside>
    </div>
  )
}
