// Threads and their names. A list of jobs is a list of threads that begin alike: what tells them apart stands at their ends.

const TYPES = [10, 11, 12];
const BETWEEN = ' · ';

export function isThread(channel) {
  return TYPES.includes(channel.type);
}

/** "Restart each node · messages-stg · 1KG2" → { first: 'messages-stg · 1KG2', rest: 'Restart each node' }; another name is its own first line. */
export function threadLines(name) {
  const parts = String(name).split(BETWEEN);
  return parts.length < 3 ? { first: String(name), rest: '' } : { first: parts.slice(-2).join(BETWEEN), rest: parts.slice(0, -2).join(BETWEEN) };
}
