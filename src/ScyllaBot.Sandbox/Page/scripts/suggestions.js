// What the command line offers at the caret: commands, options, choices, the bot's autocompletion.

import { api } from './api.js';
import { entities, isSame, matchCommands, missing, optionTree, TYPES, unused, valueAt } from './commandline.js';

const DEBOUNCE_MS = 120;
const MAX_SHOWN = 25;
const BOOLEANS = [{ name: 'True', value: true }, { name: 'False', value: false }];

/**
 * Offers items for a parsed line: show({title, items, active, loading}). Items are {kind, label, detail, leaf|option|choice}.
 * `active` is the item Enter would take, -1 for none. `chosen` remembers, per option, the choices the user was shown.
 */
export function createSuggestions({ state, chosen, show }) {
  let timer = null;
  let request = null;
  let last = { option: null, choices: [] };

  function cancel() {
    clearTimeout(timer);
    request?.abort();
    request = null;
  }

  function update(parsed, caret, leaves) {
    cancel();
    if (!parsed) return show(null);
    if (!parsed.leaf) return commands(parsed, leaves);
    const value = valueAt(parsed, caret);
    if (!value) return options(parsed);
    const { option } = value;
    if (isDone(parsed, value, caret)) return options(parsed);
    if (option.choices?.length > 0) return choices(value, option.choices);
    if (option.type === TYPES.BOOLEAN) return choices(value, BOOLEANS);
    if (option.autocomplete) return autocomplete(parsed, value);
    const known = entities(option.type, state.get('world'));
    return known.length > 0 ? choices(value, known) : ended(parsed, value);
  }

  function commands(parsed, leaves) {
    const found = matchCommands(leaves, parsed.line).slice(0, MAX_SHOWN);
    show({
      title: found.length > 0 ? 'Commands' : 'No such command',
      items: found.map(leaf => ({ kind: 'command', label: leaf.text, detail: leaf.description, leaf })),
      active: found.length > 0 ? 0 : -1,
    });
  }

  // With a required option still missing, Enter takes it; otherwise Enter sends and the optional ones are only offered.
  function options(parsed) {
    const required = missing(parsed);
    const offered = (required.length > 0 ? required : unused(parsed)).filter(each => unused(parsed).includes(each));
    if (offered.length === 0) return show(null);
    return show({
      title: required.length > 0 ? 'Required options' : 'Optional: pick one, or press Enter to send',
      items: offered.map(option => ({ kind: 'option', label: option.name, detail: option.description ?? '', option })),
      active: required.length > 0 && parsed.stray === '' ? 0 : -1,
    });
  }

  // A free text that ends in a space may be complete: say what else there is, without taking Enter.
  function ended(parsed, value) {
    if (value.text !== '' && parsed.line.endsWith(' ') && value.end === parsed.line.length) return options(parsed);
    return show({ title: hint(value.option), items: [], active: -1 });
  }

  // A choice taken and a space behind it: the value is done, whatever else the list would find.
  function isDone(parsed, value, caret) {
    const known = [...(value.option.choices ?? []), ...(chosen.get(value.option.name) ?? [])];
    return caret === parsed.line.length && parsed.line.endsWith(' ') && value.text !== '' && known.some(each => isSame(each, value.text));
  }

  function choices(value, all) {
    offer(value, all.filter(each => fits(each, value.text)), false);
  }

  function offer(value, list, loading, problem = null) {
    const detail = choice => (String(choice.value) === choice.name ? '' : String(choice.value));
    const items = list.slice(0, MAX_SHOWN)
      .map(choice => ({ kind: 'value', label: choice.name, detail: detail(choice), option: value.option, choice }));
    const exact = list.some(each => isSame(each, value.text));
    const title = problem ? `${hint(value.option)} (${problem})` : hint(value.option);
    show({ title, items, active: items.length > 0 && !exact ? 0 : -1, loading });
  }

  function autocomplete(parsed, value) {
    const { option } = value;
    const kept = last.option === option ? last.choices.filter(each => fits(each, value.text)) : [];
    offer(value, kept, true);
    const abort = new AbortController();
    request = abort;
    timer = setTimeout(async () => {
      const { options: tree } = optionTree(parsed, chosen, state.get('world'), option.name);
      let list = [];
      let late = false;
      try {
        const answer = await api.autocomplete(state.get('user'), state.get('channel'), parsed.leaf.name, tree, abort.signal);
        list = Array.isArray(answer?.choices) ? answer.choices : [];
        late = answer?.failed === true;
      } catch {
        // A bot that answers late or not at all gives no choices; the text can still be sent as typed.
        late = true;
      }
      if (abort.signal.aborted) return;
      last = { option, choices: list };
      chosen.set(option.name, merge(chosen.get(option.name), list));
      offer(value, list, false, late ? 'the bot gave no choices in time' : null);
    }, DEBOUNCE_MS);
  }

  return { update, cancel };
}

function hint(option) {
  return `${option.name}: ${option.description ?? ''}`;
}

function fits(choice, text) {
  const typed = text.toLowerCase();
  return choice.name.toLowerCase().includes(typed) || String(choice.value).toLowerCase().includes(typed);
}

function merge(old, fresh) {
  return [...fresh, ...(old ?? []).filter(each => !fresh.some(other => other.name === each.name))].slice(0, 200);
}
