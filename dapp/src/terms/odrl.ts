import type { UseRead } from '@colophon/sdk/licenses'

/** Actions of ODRL 2.2 for the rights that it knows; the others are named under the project's own address. */
const ACTIONS: Record<string, string> = {
  reproduce: 'odrl:reproduce',
  distribute: 'odrl:distribute',
  display: 'odrl:display',
  perform: 'odrl:present',
  adapt: 'odrl:derive',
  trainAi: 'urn:colophon:trainAi',
}

export interface PolicyTerms extends UseRead {
  workId: string
  price: bigint
  currency: string
  renewable: boolean
  supply: number
  closesAt: Date
}

/**
 * The terms as machines read them: a policy of W3C ODRL 2.2, which an offer's `document` names by its hash. Seconds and smallest units are those of the offer.
 */
export function policyOf(terms: PolicyTerms, chainId: number): object {
  const constraint = [
    ...(terms.territories === 'world'
      ? []
      : [{ leftOperand: 'odrl:spatial', operator: 'odrl:isAnyOf', rightOperand: terms.territories.map((place) => `colophon:${place}`) }]),
    ...(terms.channels === 'all'
      ? []
      : [{ leftOperand: 'odrl:media', operator: 'odrl:isAnyOf', rightOperand: terms.channels.map((channel) => `colophon:${channel}`) }]),
    ...(terms.duration === 'forever'
      ? []
      : [
          {
            leftOperand: 'odrl:elapsedTime',
            operator: 'odrl:lteq',
            rightOperand: { '@value': `PT${terms.duration}S`, '@type': 'xsd:duration' },
          },
        ]),
    ...(terms.rights.includes('commercial')
      ? []
      : [{ leftOperand: 'odrl:purpose', operator: 'odrl:neq', rightOperand: 'colophon:commercial' }]),
  ]
  const target = `urn:colophon:${chainId}:${terms.workId}`
  return {
    '@context': ['http://www.w3.org/ns/odrl.jsonld', { colophon: 'urn:colophon:' }],
    '@type': 'Offer',
    uid: `${target}:offer`,
    profile: 'urn:colophon:terms',
    permission: terms.rights
      .filter((right) => right in ACTIONS)
      .map((right) => ({
        target,
        action: ACTIONS[right],
        ...(constraint.length === 0 ? {} : { constraint }),
        duty:
          terms.price === 0n
            ? []
            : [
                {
                  action: 'odrl:compensate',
                  constraint: [
                    { leftOperand: 'odrl:payAmount', operator: 'odrl:eq', rightOperand: terms.price.toString(), unit: terms.currency },
                  ],
                },
              ],
      })),
    'colophon:exclusive': terms.exclusive,
    'colophon:transferable': terms.transferable,
    'colophon:renewable': terms.renewable,
    'colophon:sublicense': terms.rights.includes('sublicense'),
    'colophon:resalePercent': terms.resalePercent,
    'colophon:derivativePercent': terms.derivativePercent,
    'colophon:supply': terms.supply,
    'colophon:closesAt': terms.closesAt.toISOString(),
  }
}
