// A modal dialog: type 18 labels around one input, the older rows with a text input (4), and text displays (10).

import { line, selectBox } from './components.js';
import { h } from './dom.js';
import { rich } from './rich.js';

/** Opens a modal ({interaction_id, custom_id, title, components}); `submit(components)` resolves to whether it was taken. */
export function openModal(modal, context, submit) {
  const fields = (modal.components ?? []).map(each => field(each, context));
  const problem = h('p.modal-problem', { role: 'alert' });
  const cancel = h('button.button.secondary', { type: 'button', onclick: () => dialog.close() }, 'Cancel');
  const send = h('button.button.primary', { type: 'submit', data: { testid: 'modal-submit' } }, 'Submit');
  const form = h('form', { method: 'dialog', novalidate: true, onsubmit: onSubmit },
    h('header', {}, h('h2', { id: 'modal-title' }, modal.title ?? ''), h('p', {}, `This form goes to ScyllaBot.`)),
    h('div.modal-fields', {}, fields.map(each => each.node)), problem,
    h('footer', {}, cancel, send));
  const dialog = h('dialog.modal', { 'aria-labelledby': 'modal-title', data: { testid: 'modal' } }, form);

  async function onSubmit(event) {
    event.preventDefault();
    const wrong = fields.map(each => each.check?.()).find(Boolean);
    problem.textContent = wrong ?? '';
    if (wrong) return;
    send.disabled = true;
    if (await submit(fields.map(each => each.read?.()).filter(Boolean))) dialog.close();
    else send.disabled = false;
  }

  const before = document.activeElement;
  dialog.addEventListener('close', () => {
    // Chromium drops the keys of the element it gave the focus back to when the dialog leaves the page, until it is focused anew.
    document.activeElement?.blur();
    dialog.remove();
    (before?.isConnected ? before : document.querySelector('[data-testid="composer"]'))?.focus();
  });
  document.querySelector('dialog.modal')?.close();
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('input, textarea, select')?.focus();
  return dialog;
}

function field(data, context) {
  if (data.type === 10) return { node: h('div.content', {}, rich(data.content, context)) };
  const labelled = data.type === 18;
  const inner = labelled ? data.component : data.components?.[0];
  const input = inner && build(inner, context);
  if (!input) return { node: h('div.unsupported', {}, `(component type ${inner?.type ?? data.type} is not drawn here)`) };
  const title = data.label ?? inner.label ?? inner.placeholder ?? inner.custom_id;
  const required = inner.required !== false;
  input.node.setAttribute('aria-label', title);
  return {
    node: h('label.modal-field', {},
      h('span.modal-label', {}, line(title, context), required ? h('b', { 'aria-hidden': 'true' }, ' *') : null),
      data.description ? h('span.modal-hint', {}, line(data.description, context)) : null,
      input.node),
    check: () => input.check(title, required),
    read: () => (labelled
      ? { type: 18, ...(data.id === undefined ? {} : { id: data.id }), component: input.read() }
      : { type: 1, components: [input.read()] }),
  };
}

function build(data, context) {
  if (data.type === 4) return textInput(data);
  return [3, 5, 6, 7, 8].includes(data.type) ? selectInput(data, context) : null;
}

function textInput(data) {
  const shared = {
    placeholder: data.placeholder ?? null,
    maxlength: data.max_length ?? 4000,
    data: { testid: `modal-${data.custom_id}` },
  };
  const node = data.style === 2 ? h('textarea', { ...shared, rows: '4' }) : h('input', { ...shared, type: 'text', autocomplete: 'off' });
  node.value = data.value ?? '';
  return {
    node,
    check: (title, required) => {
      const length = node.value.trim().length;
      if (length === 0) return required ? `${title} is required.` : null;
      return length < (data.min_length ?? 0) ? `${title} needs at least ${data.min_length} characters.` : null;
    },
    read: () => ({ type: 4, custom_id: data.custom_id, value: node.value }),
  };
}

function selectInput(data, context) {
  const node = selectBox(data, context, {});
  node.dataset.testid = `modal-${data.custom_id}`;
  return {
    node,
    check: (title, required) => {
      const count = node.readValues().length;
      if (count > (data.max_values ?? 1)) return `${title}: at most ${data.max_values ?? 1}.`;
      return required && count < Math.max(1, data.min_values ?? 1) ? `${title} is required.` : null;
    },
    read: () => ({ type: data.type, custom_id: data.custom_id, values: node.readValues() }),
  };
}
