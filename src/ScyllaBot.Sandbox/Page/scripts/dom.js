// Elements without markup: whatever comes from chat or from a node enters the page as a text node or a plain attribute.

/**
 * Builds an element: h('button.primary', { onclick, 'aria-label': 'x', data: { testid: 'y' } }, 'text', child, [more]).
 * Attributes that are null, undefined or false are left out (aria-… keeps true and false as words).
 */
export function h(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const node = document.createElement(name || 'div');
  if (classes.length > 0) node.className = classes.join(' ');
  for (const [key, value] of Object.entries(attributes ?? {})) setAttribute(node, key, value);
  append(node, children);
  return node;
}

function setAttribute(node, key, value) {
  if (value === null || value === undefined || (value === false && !key.startsWith('aria-'))) return;
  if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
  else if (key === 'data') for (const [name, text] of Object.entries(value)) setData(node, name, text);
  else if (key === 'class') node.classList.add(...String(value).split(' ').filter(Boolean));
  else node.setAttribute(key, value === true && !key.startsWith('aria-') ? '' : String(value));
}

function setData(node, name, value) {
  if (value !== null && value !== undefined) node.dataset[name] = String(value);
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Replaces all children of a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

/**
 * Keeps a parent's children equal to the given items, reusing elements by key. An element is built again only when its
 * signature changed, so focus, open lists and scroll positions of untouched items survive an update.
 */
export function keyed(parent, items, keyOf, signatureOf, build) {
  const old = new Map([...parent.children].map(node => [node.dataset.key, node]));
  let cursor = parent.firstElementChild;
  for (const item of items) {
    const key = keyOf(item);
    const signature = signatureOf(item);
    let node = old.get(key);
    if (node && node.signature !== signature) {
      const focused = focusMark(node);
      const fresh = stamp(build(item), key, signature);
      if (cursor === node) cursor = fresh;
      node.replaceWith(fresh);
      node = fresh;
      if (focused) restoreFocus(fresh, focused);
    } else if (!node) {
      node = stamp(build(item), key, signature);
    }
    old.delete(key);
    if (node === cursor) cursor = cursor.nextElementSibling;
    else parent.insertBefore(node, cursor);
  }
  for (const node of old.values()) node.remove();
}

function stamp(node, key, signature) {
  node.dataset.key = key;
  node.signature = signature;
  return node;
}

function focusMark(node) {
  const active = document.activeElement;
  return node.contains(active) ? active.dataset.focus ?? null : null;
}

function restoreFocus(node, mark) {
  [...node.querySelectorAll('[data-focus]')].find(each => each.dataset.focus === mark)?.focus({ preventScroll: true });
}

/** True for addresses on this very server: nothing else is ever loaded or linked. */
export function isOwnAddress(url) {
  try {
    return typeof url === 'string' && new URL(url, location.href).origin === location.origin;
  } catch {
    return false;
  }
}
