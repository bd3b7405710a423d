import { h } from './dom.js';

const SHOWN_MS = 6_000;

/** A short notice in the corner: what the sandbox refused, and why. */
export function toast(text) {
  const node = h('div.toast', { data: { testid: 'toast' } }, text);
  document.getElementById('toasts').append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}
