// Buttons, selects and the few layout components the bot may use. Component types are Discord's numbers.

import { entities, TYPES } from './commandline.js';
import { h } from './dom.js';
import { colour } from './embeds.js';
import { richLine, rich } from './rich.js';

const STYLES = { 1: 'primary', 2: 'secondary', 3: 'success', 4: 'danger', 5: 'link' };
const ENTITY_SELECTS = { 5: TYPES.USER, 6: TYPES.ROLE, 7: TYPES.MENTIONABLE, 8: TYPES.CHANNEL };

export function componentRows(message, context) {
  const rows = (message.components ?? []).map(each => component(each, message, context));
  return rows.length > 0 ? h('div.components', {}, rows) : null;
}

function component(data, message, context) {
  const inner = list => (list ?? []).map(each => component(each, message, context));
  switch (data.type) {
    case 1: return h('div.action-row', {}, inner(data.components));
    case 2: return button(data, message, context);
    case 3: case 5: case 6: case 7: case 8: return select(data, message, context);
    case 9: return h('div.section', {}, h('div', {}, inner(data.components)), data.accessory ? inner([data.accessory]) : null);
    case 10: return h('div.content', {}, rich(data.content, context));
    case 14: return h('hr.separator', { class: data.divider === false ? 'blank' : '' });
    case 17: return container(data, inner(data.components));
    default: return h('div.unsupported', {}, `(component type ${data.type} is not drawn here)`);
  }
}

function container(data, children) {
  const node = h('section.embed.container', {}, children);
  if (Number.isInteger(data.accent_color)) node.style.borderLeftColor = colour(data.accent_color);
  return node;
}

function button(data, message, { actions }) {
  const waiting = actions.isPending(`${message.id}/${data.custom_id}`);
  const isLink = data.style === 5;
  const label = [data.emoji?.name, data.label].filter(Boolean).join(' ') || 'button';
  return h('button.button', {
    type: 'button',
    class: `${STYLES[data.style] ?? 'secondary'} ${waiting ? 'waiting' : ''}`,
    disabled: Boolean(data.disabled) || isLink || waiting,
    title: isLink ? `${data.url} (links are switched off in the sandbox)` : null,
    'aria-label': label,
    'aria-busy': waiting ? 'true' : null,
    data: { testid: 'button', customId: data.custom_id, style: STYLES[data.style], focus: data.custom_id },
    onclick: () => actions.press(message, data.custom_id),
  }, label, isLink ? ' ↗' : null);
}

function select(data, message, context) {
  const waiting = context.actions.isPending(`${message.id}/${data.custom_id}`);
  return selectBox(data, context, {
    disabled: Boolean(data.disabled) || waiting,
    onPick: values => context.actions.press(message, data.custom_id, values),
  });
}

/** A string or entity select. One value: picking sends it; several: a list of check boxes with a button. */
export function selectBox(data, context, { disabled = false, onPick = null }) {
  const options = data.options ?? entities(ENTITY_SELECTS[data.type], context.world).map(each => ({ label: each.name, value: each.value }));
  const label = data.placeholder ?? 'Make a selection';
  const shared = { disabled, 'aria-label': label, data: { testid: 'select', customId: data.custom_id, focus: data.custom_id } };
  if ((data.max_values ?? 1) > 1) return multiSelect(data, options, shared, onPick);
  const node = h('select.select', shared,
    h('option', { value: '', selected: !options.some(each => each.default) }, label),
    options.map(each => h('option', { value: each.value, selected: Boolean(each.default), title: each.description ?? null },
      each.description ? `${each.label} (${each.description})` : each.label)));
  if (onPick) node.addEventListener('change', () => node.value !== '' && onPick([node.value]));
  node.readValues = () => (node.value === '' ? [] : [node.value]);
  return node;
}

function multiSelect(data, options, shared, onPick) {
  const { disabled } = shared;
  const boxes = options.map(each => h('input', { type: 'checkbox', value: each.value, checked: Boolean(each.default), disabled }));
  const rows = options.map((each, at) =>
    h('label.choice', {}, boxes[at], each.label, each.description ? h('small', {}, each.description) : null));
  const node = h('fieldset.select.multi', { ...shared, disabled: shared.disabled }, rows);
  node.readValues = () => boxes.filter(box => box.checked).map(box => box.value);
  if (onPick) {
    node.append(h('button.button.secondary', { type: 'button', onclick: () => {
      const values = node.readValues();
      if (values.length >= (data.min_values ?? 1) && values.length <= data.max_values) onPick(values);
    } }, 'Choose'));
  }
  return node;
}

/** A label or hint inside a modal. */
export const line = (text, context) => richLine(text, context);
