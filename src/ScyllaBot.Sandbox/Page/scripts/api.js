// Every call the page makes, by the contract of the sandbox. Bodies and answers are JSON.

const TIMEOUT_MS = 10_000;

async function call(method, path, body, signal) {
  const limit = AbortSignal.timeout(TIMEOUT_MS);
  const response = await fetch(path, {
    method,
    headers: body === undefined ? {} : { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: signal && AbortSignal.any ? AbortSignal.any([signal, limit]) : signal ?? limit,
    cache: 'no-store',
  });
  const text = await response.text();
  const answer = parse(text);
  if (!response.ok) throw new Error(describe(response.status, answer));
  return answer;
}

function parse(text) {
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

// Discord's error body is {code, message, errors?}: the leaves of `errors` say which field is wrong, the message rarely does.
function describe(status, answer) {
  const leaves = [];
  collect(answer?.errors, [], leaves);
  const base = answer?.message ?? answer?.error ?? answer?.title ?? `the sandbox answered ${status}`;
  return String(leaves.length > 0 ? `${base}: ${leaves.slice(0, 3).join('; ')}` : base).slice(0, 300);
}

function collect(node, path, leaves) {
  if (node === null || typeof node !== 'object' || path.length > 10) return;
  for (const [key, value] of Object.entries(node)) {
    if (key === '_errors' && Array.isArray(value)) leaves.push(...value.map(each => `${path.join('.')} ${each?.message ?? ''}`));
    else collect(value, [...path, key], leaves);
  }
}

const get = (path, signal) => call('GET', path, undefined, signal);
const post = (path, body, signal) => call('POST', path, body, signal);
const q = encodeURIComponent;

export const api = {
  world: () => get('/page-api/world'),
  messages: (channel, user) => get(`/page-api/messages?channel=${q(channel)}&user=${q(user)}`),
  command: (user, channel, name, options) => post('/page-api/command', { user, channel, name, options }),
  autocomplete: (user, channel, name, options, signal) => post('/page-api/autocomplete', { user, channel, name, options }, signal),
  press: body => post('/page-api/press', body),
  modal: body => post('/page-api/modal', body),
  say: (user, channel, content) => post('/page-api/say', { user, channel, content }),
  chatEvents: user => `/page-api/events?user=${q(user)}`,

  clock: () => get('/sandbox/clock'),
  speed: factor => post('/sandbox/speed', { factor }),
  clusters: () => get('/sandbox/clusters'),
  faults: () => get('/sandbox/faults'),
  inject: fault => post('/sandbox/faults', fault),
  liftFaults: () => call('DELETE', '/sandbox/faults'),
  power: (node, on) => post(`/sandbox/nodes/${q(node)}/power`, { on }),
  sandboxEvents: '/sandbox/events',

  verdict: cluster => get(`/oracle/verdict?cluster=${q(cluster)}`),
  effects: cluster => get(`/oracle/effects?cluster=${q(cluster)}`),
  resetOracle: () => post('/oracle/reset', {}),
};
