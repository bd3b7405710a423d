// The chips above the composer: which options the command has, which are filled, which are missing.

import { fill, h } from './dom.js';
import { valueAt } from './commandline.js';

/** Draws the chips of a parsed line into `node`; `errors` maps an option's name to what is wrong with it. */
export function drawOptionBar(node, { parsed, caret, errors, expanded, onOption, onExpand }) {
  const leaf = parsed?.leaf;
  node.hidden = !leaf || (leaf.options.length === 0 && parsed.stray === '');
  if (node.hidden) return;
  const current = valueAt(parsed, caret)?.option;
  const given = option => parsed.values.find(each => each.option === option);
  const visible = leaf.options.filter(option => option.required || given(option) || expanded);
  const hidden = leaf.options.length - visible.length;
  fill(node,
    h('span.bar-command', {}, leaf.text),
    visible.map(option => chip(option, given(option), option === current, errors.get(option.name), onOption)),
    hidden > 0 ? h('button.chip.more', { type: 'button', data: { testid: 'options-more' }, onmousedown: keepFocus, onclick: onExpand },
      `+${hidden} optional`) : null,
    [...errors].map(([name, text]) => h('span.bar-error', { role: 'alert' }, `${name} ${text}`)));
}

function chip(option, value, isCurrent, error, onOption) {
  const text = value?.text ?? '';
  const state = error ? 'error' : text !== '' ? 'filled' : 'empty';
  return h('button.chip', {
    type: 'button',
    class: [state, isCurrent ? 'current' : '', option.required ? 'required' : ''].join(' '),
    title: option.description ?? '',
    'aria-label': `option ${option.name}${option.required ? ', required' : ''}${text ? `: ${text}` : ''}${error ? `, ${error}` : ''}`,
    data: { testid: `option-${option.name}`, state, required: Boolean(option.required), value: text },
    onmousedown: keepFocus,
    onclick: () => onOption(option),
  }, h('span.chip-name', {}, option.name), text ? h('span.chip-value', {}, text) : null);
}

function keepFocus(event) {
  event.preventDefault();
}
