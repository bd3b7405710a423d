// Start: one state, one place that reads it from the server, and the views.

import { createActions } from './actions.js';
import { api } from './api.js';
import { Chat, isVisible } from './chat.js';
import { VirtualClock } from './clock.js';
import { mountCluster } from './cluster.js';
import { createClusterFeed } from './cluster-feed.js';
import { mountComposer } from './composer.js';
import { openStream } from './live.js';
import { mountMessages } from './messages.js';
import { openModal } from './modal.js';
import { mountSidebar } from './sidebar.js';
import { createState, initialState } from './state.js';
import { refreshTimes } from './time.js';

const CHAT_EVENTS = ['message', 'message_delete', 'thread', 'commands', 'interaction', 'modal'];
const POLL_MS = 2_000;
const TICK_MS = 500;

const state = createState(initialState());
const clock = new VirtualClock();
const actions = createActions(state);
const readsOf = new Map();
let stream = null;
let resyncing = null;

async function loadWorld() {
  const world = await api.world();
  // Read often, changed seldom: an equal world must not redraw the page nor ask the bot for choices again.
  if (JSON.stringify(world) !== JSON.stringify(state.get('world'))) state.set('world', world);
  if (!state.get('user')) beUser(world.users.find(each => !each.bot)?.id);
  if (!world.channels.some(each => each.id === state.get('channel'))) state.set('channel', firstChannel(world.channels));
  return world;
}

function firstChannel(channels) {
  return channels.find(each => each.type === 0)?.id ?? null;
}

async function loadMessages(channel) {
  const [user, chat] = [state.get('user'), state.get('chat')];
  const messages = await api.messages(channel, user);
  if (state.get('chat') !== chat) return;
  chat.load(channel, Array.isArray(messages) ? messages : messages?.messages ?? []);
  state.touch('chat');
}

/** Reads everything again: at start, after each reconnect, and every two seconds while there is no stream. */
function resync() {
  resyncing ??= readEverything().finally(() => {
    resyncing = null;
  });
  return resyncing;
}

async function readEverything() {
  const world = await loadWorld();
  const open = state.get('channel');
  const others = world.channels.filter(each => each.id !== open && isVisible(each, world, state.get('user')));
  if (open) await loadMessages(open);
  await Promise.allSettled(others.map(each => loadMessages(each.id)));
}

function beUser(user) {
  if (!user || user === state.get('user')) return;
  if (!readsOf.has(user)) readsOf.set(user, new Map());
  state.set('user', user);
  state.set('chat', new Chat(user, readsOf.get(user)));
  try {
    sessionStorage.setItem('user', user);
  } catch {
    // A browser without storage only forgets who we were.
  }
  // A reading under way is the former user's.
  resyncing = null;
  stream?.close();
  stream = openStream(api.chatEvents(user), CHAT_EVENTS, {
    onOpen: () => {
      state.set('chatUp', true);
      resync().catch(() => state.set('chatUp', false));
    },
    onDown: () => state.set('chatUp', false),
    onEvent: onChatEvent,
  });
}

function goTo(channel, message) {
  state.set('channel', channel);
  loadMessages(channel).then(() => message && highlight(message)).catch(() => {});
  document.querySelector('[data-testid="composer"]')?.focus();
}

function highlight(message) {
  const node = [...document.querySelectorAll('[data-message-id]')].find(each => each.dataset.messageId === message);
  node?.scrollIntoView({ block: 'center' });
  node?.classList.add('flash');
}

const onEvent = {
  message(data) {
    const message = data.message ?? data;
    const known = state.get('world')?.channels.some(each => each.id === message.channel_id);
    state.get('chat').upsert(message);
    state.touch('chat');
    if (!known) loadWorld().catch(() => {});
  },
  message_delete(data) {
    const channel = data.channel_id ?? data.channel ?? state.get('channel');
    for (const id of data.ids ?? [data.id ?? data.message_id]) state.get('chat').remove(channel, id);
    state.touch('chat');
  },
  thread(data) {
    const [thread, world] = [data.thread ?? data.channel ?? data, state.get('world')];
    if (!world || !thread.id) return;
    const others = world.channels.filter(each => each.id !== thread.id);
    state.set('world', { ...world, channels: data.deleted ? others : [...others, thread] });
    if (data.deleted && state.get('channel') === thread.id) state.set('channel', thread.parent_id ?? firstChannel(others));
  },
  commands: () => loadWorld().catch(() => {}),
  interaction: data => actions.interaction(data),
  modal(data) {
    const context = { world: state.get('world'), me: state.get('user'), clock, goTo };
    openModal(data, context, components => actions.submitModal(data, components));
  },
};

function onChatEvent(kind, data) {
  if (state.get('chat') && data) onEvent[kind]?.(data);
}

function start() {
  const by = id => document.getElementById(id);
  mountSidebar({ root: by('sidebar'), state, goTo, beUser });
  mountMessages({ list: by('messages'), head: by('chat-head'), state, actions, clock, goTo });
  mountComposer({ root: by('composer-area'), state, actions });
  const feed = createClusterFeed({ state, clock });
  mountCluster({ root: by('panel'), state, clock, feed });
  try {
    beUser(sessionStorage.getItem('user'));
  } catch {
    // The first user of the world then.
  }
  // With a stream only the world is asked again: it tells whether the bot is connected, which no event does.
  const poll = () => (state.get('chatUp') ? loadWorld() : resync()).catch(() => {});
  poll();
  setInterval(poll, POLL_MS);
  setInterval(() => refreshTimes(document, clock.now()), TICK_MS);
}

start();
