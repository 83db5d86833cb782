/**
 * Stands where ethers imports `@adraffy/ens-normalize`, whose tables of all characters are a tenth of the first load. The app takes addresses only: names are
 * never resolved, and asking for it fails as any name that is not valid does.
 */
function leftOut(): never {
  throw new Error('This app takes addresses, not names.')
}

export { leftOut as ens_normalize }
