// The list above the composer, moved by the arrow keys while the caret stays in the input.

import { fill, h } from './dom.js';

export function createSuggestionList({ input, onPick }) {
  let shown = null;
  const title = h('div.suggest-title');
  const items = h('div.suggest-items', { id: 'suggestions', role: 'listbox', 'aria-label': 'Suggestions' });
  const node = h('div.suggest', { hidden: true }, title, items);

  function show(offer) {
    shown = offer;
    node.hidden = offer === null;
    input.setAttribute('aria-expanded', String(offer !== null && offer.items.length > 0));
    if (offer) draw();
    else input.removeAttribute('aria-activedescendant');
  }

  function draw() {
    fill(title, shown.title, shown.loading ? h('span.loading', {}, ' …') : null);
    fill(items, shown.items.map(row));
    mark();
  }

  function row(item, at) {
    return h('div.suggestion', {
      id: `suggestion-${at}`, role: 'option', class: item.kind,
      data: { testid: 'suggestion', kind: item.kind, value: item.choice?.value ?? item.label },
      // mousedown would take the focus away from the input.
      onmousedown: event => event.preventDefault(),
      onclick: () => onPick(item),
      onmousemove: () => shown.active !== at && move(at - shown.active),
    }, h('span.suggest-label', {}, item.label), item.detail ? h('span.suggest-detail', {}, item.detail) : null,
    item.kind === 'option' && item.option.required ? h('span.suggest-required', {}, 'required') : null);
  }

  function mark() {
    [...items.children].forEach((each, at) => each.setAttribute('aria-selected', String(at === shown.active)));
    const current = items.children[shown.active];
    if (current) {
      input.setAttribute('aria-activedescendant', current.id);
      current.scrollIntoView({ block: 'nearest' });
    } else {
      input.removeAttribute('aria-activedescendant');
    }
  }

  function move(by) {
    const count = shown?.items.length ?? 0;
    if (count === 0) return false;
    shown.active = shown.active < 0 ? (by > 0 ? 0 : count - 1) : (shown.active + by + count) % count;
    mark();
    return true;
  }

  return {
    node,
    show,
    move,
    /** The item Enter takes, or null. */
    active: () => shown?.items[shown.active] ?? null,
    /** The item Tab takes: the marked one, else the first. */
    first: () => shown?.items[Math.max(0, shown.active)] ?? null,
  };
}
