import type { SignedOrder } from '@colophon/sdk'

/** Signed offers to sell live in no contract: those that were signed or opened here are remembered by this browser. */
function keyOf(chainId: number): string {
  return `colophon.orders.${chainId}`
}

export function keptOrders(chainId: number): SignedOrder[] {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(chainId)) ?? '[]') as unknown
    return Array.isArray(kept) ? (kept as SignedOrder[]) : []
  } catch {
    return []
  }
}

/** Puts one in front; the same twice is kept once. */
export function keepOrder(chainId: number, order: SignedOrder): void {
  const others = keptOrders(chainId).filter(({ id }) => id !== order.id)
  localStorage.setItem(keyOf(chainId), JSON.stringify([order, ...others]))
}

export function forgetOrder(chainId: number, id: string): void {
  localStorage.setItem(keyOf(chainId), JSON.stringify(keptOrders(chainId).filter((order) => order.id !== id)))
}

/** An order as a part of an address: Base64 without what addresses give a meaning. */
export function orderToText(order: SignedOrder): string {
  const bytes = new TextEncoder().encode(JSON.stringify(order))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** @throws DOMException when it is no Base64 */
export function textToOrder(text: string): string {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return new TextDecoder().decode(Uint8Array.from(binary, (character) => character.charCodeAt(0)))
}
