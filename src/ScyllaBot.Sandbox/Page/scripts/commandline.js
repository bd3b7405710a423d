// The slash-command line: what is typed is the whole truth, chips and suggestions are drawn from it. No DOM, so `node --test` runs it.

export const TYPES = { SUB: 1, GROUP: 2, STRING: 3, INTEGER: 4, BOOLEAN: 5, USER: 6, CHANNEL: 7, ROLE: 8, MENTIONABLE: 9, NUMBER: 10 };

/** Everything that can be called: one entry per command without subcommands, or per subcommand. */
export function leaves(commands) {
  const found = [];
  const walk = (command, node, path) => {
    const inner = (node.options ?? []).filter(each => each.type === TYPES.SUB || each.type === TYPES.GROUP);
    if (inner.length > 0) {
      for (const each of inner) walk(command, each, [...path, each]);
      return;
    }
    const names = [command.name, ...path.map(each => each.name)];
    const options = [...(node.options ?? [])].sort((a, b) => Number(b.required ?? false) - Number(a.required ?? false));
    found.push({ text: `/${names.join(' ')}`, name: command.name, path, description: node.description ?? '', options });
  };
  for (const command of commands ?? []) {
    if ((command.type ?? 1) === 1) walk(command, command, []);
  }
  return found.sort((a, b) => a.text.localeCompare(b.text));
}

/** The commands that fit what was typed so far, best first. Every typed word must occur; a whole prefix wins over a part. */
export function matchCommands(all, line) {
  const typed = line.trim().toLowerCase().replace(/\s+/g, ' ');
  const words = typed.replace(/^\//, '').split(' ').filter(Boolean);
  const score = leaf => (leaf.text === typed ? 0 : leaf.text.startsWith(typed) ? 1 : 2);
  return all.filter(leaf => words.every(word => leaf.text.includes(word))).sort((a, b) => score(a) - score(b));
}

/**
 * Splits a line into its command and values; null when it is no command line. Positions are offsets into the line.
 * A value runs to the next name of an option, so it may hold spaces; a name given twice belongs to the first one's value.
 */
export function parseLine(line, all) {
  if (!line.startsWith('/')) return null;
  const leaf = all
    .filter(each => line === each.text || line.startsWith(`${each.text} `))
    .sort((a, b) => b.text.length - a.text.length)[0] ?? null;
  if (!leaf) return { line, leaf: null, values: [], stray: '' };
  const from = leaf.text.length;
  const values = [];
  const names = /(^|\s)([\p{L}\p{N}_-]+):/gu;
  names.lastIndex = from;
  for (let match = names.exec(line); match; match = names.exec(line)) {
    const option = leaf.options.find(each => each.name === match[2].toLowerCase());
    if (!option || values.some(each => each.option === option)) continue;
    const start = match.index + match[1].length;
    values.push({ option, start, valueStart: match.index + match[0].length, end: line.length, text: '' });
  }
  values.forEach((value, at) => {
    value.end = values[at + 1]?.start ?? line.length;
    value.text = line.slice(value.valueStart, value.end).trim();
  });
  return { line, leaf, values, stray: line.slice(from, values[0]?.start ?? line.length).trim() };
}

/** The value the caret stands in, or null. */
export function valueAt(parsed, caret) {
  return parsed.values.find(each => caret >= each.valueStart && (caret < each.end || each.end === parsed.line.length)) ?? null;
}

/** Required options without a value. */
export function missing(parsed) {
  return parsed.leaf.options.filter(option => option.required && !parsed.values.some(each => each.option === option && each.text !== ''));
}

/** Options not named in the line yet. */
export function unused(parsed) {
  return parsed.leaf.options.filter(option => !parsed.values.some(each => each.option === option));
}

/** The line cut into coloured pieces: {kind: 'command|name|value|plain', text}. Joined they are the line again. */
export function segments(parsed) {
  const { line, leaf, values } = parsed;
  if (!leaf) return [{ kind: 'plain', text: line }];
  const pieces = [{ kind: 'command', text: leaf.text }];
  let at = leaf.text.length;
  for (const value of values) {
    if (value.start > at) pieces.push({ kind: 'plain', text: line.slice(at, value.start) });
    const shown = line.slice(value.valueStart, value.end).trimEnd();
    pieces.push({ kind: 'name', text: line.slice(value.start, value.valueStart) }, { kind: 'value', text: shown });
    at = value.valueStart + shown.length;
  }
  pieces.push({ kind: 'plain', text: line.slice(at) });
  return pieces.filter(piece => piece.text !== '');
}

/** Turns one typed text into the value Discord would send: {value} or {error}. `chosen` are choices the user was shown. */
export function convert(option, text, chosen, world) {
  const choice = [...(option.choices ?? []), ...(chosen ?? [])].find(each => isSame(each, text));
  if (choice) return { value: choice.value };
  if (option.choices?.length > 0) return { error: 'is not one of the choices' };
  switch (option.type) {
    case TYPES.STRING: return text.length > (option.max_length ?? 6000) ? { error: 'is too long' } : { value: text };
    case TYPES.INTEGER: return /^-?\d{1,15}$/.test(text) ? inRange(option, Number(text)) : { error: 'is not a whole number' };
    case TYPES.NUMBER: return text !== '' && Number.isFinite(Number(text)) ? inRange(option, Number(text)) : { error: 'is not a number' };
    case TYPES.BOOLEAN: return /^(true|false)$/i.test(text) ? { value: text.toLowerCase() === 'true' } : { error: 'is true or false' };
    default: return entity(option.type, text, world);
  }
}

/** Whether the text is this choice, by its name or its value. */
export function isSame(choice, text) {
  return choice.name.toLowerCase() === text.toLowerCase() || String(choice.value) === text;
}

function inRange(option, value) {
  if (value < (option.min_value ?? -Infinity)) return { error: `is below ${option.min_value}` };
  return value > (option.max_value ?? Infinity) ? { error: `is above ${option.max_value}` } : { value };
}

/** The guild's users, roles or channels an option of that type may name, as choices. */
export function entities(type, world) {
  const users = (world?.users ?? []).map(each => ({ name: `@${each.name}`, value: each.id }));
  const roles = (world?.roles ?? []).map(each => ({ name: `@${each.name}`, value: each.id }));
  switch (type) {
    case TYPES.USER: return users;
    case TYPES.ROLE: return roles;
    case TYPES.MENTIONABLE: return [...users, ...roles];
    case TYPES.CHANNEL: return (world?.channels ?? []).map(each => ({ name: `#${each.name}`, value: each.id }));
    default: return [];
  }
}

function entity(type, text, world) {
  const bare = text.replace(/^<[@#][!&]?(\d+)>$/, '$1').replace(/^[@#]/, '').toLowerCase();
  const found = entities(type, world).find(each => each.value === bare || each.name.slice(1).toLowerCase() === bare);
  return found ? { value: found.value } : { error: 'is not known here' };
}

/**
 * The option tree of an interaction: {options, errors: Map(name → text)}. With `focused` (autocomplete) the named option is sent
 * as typed and others that do not convert are left out, as Discord does.
 */
export function optionTree(parsed, chosen, world, focused = null) {
  const errors = new Map();
  const leafOptions = [];
  for (const { option, text } of parsed.values) {
    if (option.name === focused) {
      leafOptions.push({ type: option.type, name: option.name, value: text, focused: true });
      continue;
    }
    if (text === '') continue;
    const { value, error } = convert(option, text, chosen?.get(option.name), world);
    if (error) errors.set(option.name, error);
    else leafOptions.push({ type: option.type, name: option.name, value });
  }
  const options = parsed.leaf.path.reduceRight((inner, each) => [{ type: each.type, name: each.name, options: inner }], leafOptions);
  return { options, errors };
}
