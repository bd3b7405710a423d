// The composer: plain text, or a slash command edited as one line with coloured pieces, chips and suggestions.

import { leaves, missing, optionTree, parseLine, segments, unused } from './commandline.js';
import { fill, h } from './dom.js';
import { drawOptionBar } from './option-bar.js';
import { createSuggestionList } from './suggestion-list.js';
import { createSuggestions } from './suggestions.js';

export function mountComposer({ root, state, actions }) {
  const chosen = new Map();
  const history = [];
  let errors = new Map();
  let expanded = false;
  let all = [];

  const overlay = h('div.overlay', { 'aria-hidden': 'true' });
  const input = h('input.line', {
    type: 'text', autocomplete: 'off', spellcheck: 'false', maxlength: 2000, role: 'combobox', 'aria-autocomplete': 'list',
    'aria-controls': 'suggestions', 'aria-expanded': 'false', 'aria-label': 'Message or slash command', data: { testid: 'composer' },
  });
  const bar = h('div.option-bar', { hidden: true, role: 'group', 'aria-label': 'Command options' });
  const list = createSuggestionList({ input, onPick: pick });
  const source = createSuggestions({ state, chosen, show: list.show });
  fill(root, list.node, bar, h('div.line-box', {}, overlay, input));

  const parse = () => parseLine(input.value, all);

  function refresh({ keepErrors = false } = {}) {
    if (!keepErrors) errors = new Map();
    const parsed = parse();
    const caret = input.selectionStart ?? input.value.length;
    fill(overlay, (parsed ? segments(parsed) : [{ kind: 'plain', text: input.value }]).map(piece =>
      h(`span.piece.${piece.kind}`, { class: piece.kind === 'name' && errors.has(piece.text.slice(0, -1)) ? 'wrong' : '' }, piece.text)));
    overlay.scrollLeft = input.scrollLeft;
    drawOptionBar(bar, { parsed, caret, errors, expanded, onOption: jumpTo, onExpand: () => {
      expanded = true;
      refresh({ keepErrors: true });
    } });
    source.update(parsed, caret, all);
  }

  function setLine(text, caret = text.length, options = {}) {
    input.value = text;
    input.focus();
    input.setSelectionRange(caret, caret);
    refresh(options);
    input.scrollLeft = input.scrollWidth;
    overlay.scrollLeft = input.scrollLeft;
  }

  function clear() {
    chosen.clear();
    expanded = false;
    setLine('');
  }

  function pick(item) {
    if (item.kind === 'command') setLine(withNextRequired(`${item.leaf.text} `));
    else if (item.kind === 'option') jumpTo(item.option);
    else fillIn(item);
  }

  function fillIn({ option, choice }) {
    const value = parse()?.values.find(each => each.option === option);
    if (!value) return;
    // A label that looks like another option would be read as one: such a choice is written as its value.
    const text = /\S:(\s|$)|\s[\w-]+:/.test(choice.name) ? String(choice.value) : choice.name;
    chosen.set(option.name, [{ name: text, value: choice.value }, ...(chosen.get(option.name) ?? []).filter(each => each.name !== text)]);
    const tail = input.value.slice(value.end).trimStart();
    const head = `${input.value.slice(0, value.valueStart)}${text} `;
    setLine(tail === '' ? withNextRequired(head) : `${head}${tail}`, tail === '' ? undefined : head.length);
  }

  function withNextRequired(text) {
    const parsed = parseLine(text, all);
    const next = parsed?.leaf && missing(parsed).find(option => unused(parsed).includes(option));
    return next ? `${text}${next.name}:` : text;
  }

  function jumpTo(option, options) {
    const parsed = parse();
    const value = parsed?.values.find(each => each.option === option);
    if (value) setLine(input.value, value.valueStart + input.value.slice(value.valueStart, value.end).trimEnd().length, options);
    else setLine(`${input.value.trimEnd()} ${option.name}:`, undefined, options);
  }

  async function send() {
    const text = input.value.trim();
    const parsed = parseLine(text, all);
    if (text === '' || !state.get('channel')) return;
    if (parsed && !parsed.leaf) return complain(new Map([['', `${text.split(' ')[0]} is not a command`]]));
    source.cancel();
    list.show(null);
    if (!parsed) {
      input.value = '';
      refresh();
      if (!await actions.say(text) && input.value === '') setLine(text);
      return;
    }
    const { options, errors: wrong } = optionTree(parsed, chosen, state.get('world'));
    for (const option of missing(parsed)) wrong.set(option.name, 'is required');
    if (parsed.stray !== '') wrong.set('', `“${parsed.stray.slice(0, 40)}” belongs to no option`);
    if (wrong.size > 0) return complain(wrong, parsed);
    remember(text);
    clear();
    if (!await actions.command(parsed.leaf.name, options) && input.value === '') setLine(text);
  }

  function complain(wrong, parsed) {
    errors = wrong;
    const first = parsed?.leaf.options.find(option => wrong.has(option.name));
    if (first) jumpTo(first, { keepErrors: true });
    else refresh({ keepErrors: true });
    if (!parsed?.leaf) {
      bar.hidden = false;
      fill(bar, h('span.bar-error', { role: 'alert' }, wrong.get('')));
    }
  }

  function remember(text) {
    history.push(text);
    if (history.length > 50) history.shift();
  }

  function onKey(event) {
    if (event.isComposing) return;
    const handled = keys[event.key]?.(event);
    if (handled) event.preventDefault();
  }

  const keys = {
    ArrowDown: () => list.move(1),
    ArrowUp: () => list.move(-1) || (input.value === '' && history.length > 0 && (setLine(history.at(-1)), true)),
    Tab: event => !event.shiftKey && list.first() !== null && (pick(list.first()), true),
    Enter: () => {
      const item = list.active();
      // A complete command without required options is sent by its own name.
      const isComplete = item?.kind === 'command' && item.leaf.text === input.value.trim()
        && !item.leaf.options.some(each => each.required);
      if (item && !isComplete) pick(item);
      else send();
      return true;
    },
    Escape: () => {
      if (!input.value.startsWith('/')) return false;
      source.cancel();
      clear();
      return true;
    },
  };

  input.addEventListener('input', () => refresh());
  input.addEventListener('keydown', onKey);
  input.addEventListener('scroll', () => { overlay.scrollLeft = input.scrollLeft; });
  input.addEventListener('click', () => refresh({ keepErrors: true }));
  input.addEventListener('blur', () => {
    source.cancel();
    list.show(null);
  });
  input.addEventListener('focus', () => input.value !== '' && refresh({ keepErrors: true }));
  document.addEventListener('keydown', event => {
    const busy = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || document.querySelector('dialog[open]');
    if (!busy && event.key === '/' && !event.ctrlKey && !event.metaKey) input.focus();
  });

  state.on(['world', 'channel', 'user'], () => {
    all = leaves(state.get('world')?.commands);
    const channel = state.get('world')?.channels.find(each => each.id === state.get('channel'));
    input.placeholder = channel ? `Message #${channel.name}, or type / for commands` : 'Connecting…';
    if (document.activeElement === input) refresh({ keepErrors: true });
  });
}
