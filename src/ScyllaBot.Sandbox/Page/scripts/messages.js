// The list of messages of the open channel.

import { componentRows } from './components.js';
import { fill, h, isOwnAddress, keyed } from './dom.js';
import { embed } from './embeds.js';
import { avatar, displayName } from './people.js';
import { rich } from './rich.js';
import { isThread } from './threads.js';
import { formatTime, stamp } from './time.js';

const GROUP_MS = 7 * 60_000;
const EPHEMERAL = 64;

export function mountMessages({ list, head, state, actions, clock, goTo }) {
  let shownChannel = null;
  let stick = true;
  const jump = h('button.jump', { type: 'button', hidden: true, onclick: () => toBottom() }, 'New messages ↓');
  list.after(jump);
  list.addEventListener('scroll', () => {
    stick = isAtBottom();
    if (stick) jump.hidden = true;
  });

  // Pictures and a growing composer change the height after the drawing.
  new ResizeObserver(() => stick && toBottom()).observe(list);

  list.addEventListener('load', () => stick && toBottom(), true);

  function isAtBottom() {
    return list.scrollHeight - list.scrollTop - list.clientHeight < 60;
  }

  function toBottom() {
    list.scrollTop = list.scrollHeight;
    jump.hidden = true;
  }

  function draw() {
    const [world, chat, channel] = [state.get('world'), state.get('chat'), state.get('channel')];
    if (!chat || !channel) return;
    drawHead(head, world, channel, goTo);
    const changedChannel = shownChannel !== channel;
    if (changedChannel) {
      list.replaceChildren();
      shownChannel = channel;
      stick = true;
    }
    const before = list.lastElementChild?.dataset.key;
    // Asked now, not remembered: a scroll a moment ago may not have told its event yet.
    if (!changedChannel) stick = isAtBottom();
    const context = { world, me: state.get('user'), clock, goTo, actions, chat, state };
    const entries = withGroups(chat.list(channel), world);
    keyed(list, entries, each => each.message.id, each => signature(each, actions), each => view(each, context));
    if (stick) toBottom();
    else if (before !== list.lastElementChild?.dataset.key) jump.hidden = false;
    if (document.visibilityState === 'visible') markRead(state, chat, channel);
  }

  state.on(['world', 'chat', 'channel', 'user', 'pending'], draw);
  document.addEventListener('visibilitychange', draw);
}

function markRead(state, chat, channel) {
  const { unread } = chat.badge(channel);
  chat.markRead(channel);
  if (unread > 0) state.touch('reads');
}

function drawHead(head, world, channel, goTo) {
  const known = world?.channels.find(each => each.id === channel);
  const parent = known && isThread(known) ? world.channels.find(each => each.id === known.parent_id) : null;
  fill(head,
    parent ? h('button.crumb', { type: 'button', onclick: () => goTo(parent.id) }, `# ${parent.name}`) : null,
    parent ? h('span.crumb-gap', {}, '›') : null,
    h('h1', {}, h('span.hash', { 'aria-hidden': 'true' }, parent ? '⌥' : '#'), known?.name ?? '…'),
    known?.topic ? h('span.topic', {}, known.topic) : null);
}

function withGroups(messages, world) {
  let previous = null;
  return messages.map(message => {
    const close = previous && Date.parse(message.timestamp) - Date.parse(previous.timestamp) < GROUP_MS;
    const joined = close && previous.author?.id === message.author?.id && !isEphemeral(message) && !isEphemeral(previous)
      && !invocation(message) && !message.message_reference;
    previous = message;
    const thread = message.thread ?? world?.channels.find(each => each.id === message.id && isThread(each));
    return { message, joined: Boolean(joined), thread: thread ?? null };
  });
}

function signature({ message, joined, thread }, actions) {
  const marks = buttonsOf(message.components).map(id => actions.isPending(`${message.id}/${id}`));
  return JSON.stringify([message, joined, thread?.name, marks]);
}

function buttonsOf(components) {
  return (components ?? [])
    .flatMap(each => [each.custom_id, each.accessory?.custom_id, ...buttonsOf(each.components)])
    .filter(Boolean);
}

const isEphemeral = message => message.ephemeral === true || ((message.flags ?? 0) & EPHEMERAL) !== 0;

/** {name, user} of the command this message answers, or null. The name is only in the older of the two fields. */
function invocation({ interaction, interaction_metadata: metadata }) {
  const name = metadata?.name ?? interaction?.name;
  return name ? { name, user: metadata?.user ?? interaction?.user } : null;
}

function view({ message, joined, thread }, outer) {
  const context = { ...outer, pings: message.pings ?? [] };
  const pinged = context.pings.includes(context.me);
  const name = displayName(message.author);
  const body = h('div.body', {},
    joined ? null : h('div.byline', {},
      h('span.author', { class: message.author?.bot ? 'bot' : '' }, name),
      message.author?.bot ? h('span.bot-badge', {}, 'BOT') : null,
      h('time.sent', { datetime: message.timestamp, title: message.timestamp }, stamp(message.timestamp))),
    content(message, context),
    (message.embeds ?? []).map(each => embed(each, context)),
    (message.attachments ?? []).map(attachment),
    componentRows(message, context),
    failure(message),
    thread ? threadLink(thread, context) : null,
    isEphemeral(message) ? ephemeralNote(message, context) : null);
  return h('article.message', {
    class: [joined ? 'joined' : '', pinged ? 'pinged' : '', isEphemeral(message) ? 'ephemeral' : ''].join(' '),
    'aria-label': `Message from ${name}`,
    data: { testid: 'message', messageId: message.id, pinged, ephemeral: isEphemeral(message), author: name },
  }, invoked(message), reference(message),
  h('div.row', {}, joined ? h('time.gutter', {}, formatTime(Date.parse(message.timestamp) / 1000, 't')) : avatar(message.author), body));
}

function content(message, context) {
  if (message.thinking && !message.interaction_failed) {
    return h('div.thinking', { data: { testid: 'thinking' } }, h('span.dots', { 'aria-hidden': 'true' }, h('i'), h('i'), h('i')),
      `${displayName(message.author)} is thinking…`);
  }
  const edited = message.edited_timestamp ? h('span.edited', { title: message.edited_timestamp }, ' (edited)') : null;
  if (!message.content) return edited && !message.embeds?.length && !message.components?.length ? h('div.content', {}, edited) : null;
  return h('div.content', {}, rich(message.content, context), edited);
}

function failure(message) {
  if (!message.interaction_failed) return null;
  const isEmpty = !message.content && !message.embeds?.length && !message.components?.length;
  return h('div.failure', { role: 'alert', data: { testid: 'interaction-failed' } },
    isEmpty ? '⚠ The application did not respond.' : '⚠ This interaction failed.');
}

function invoked(message) {
  const source = invocation(message);
  if (!source) return null;
  return h('div.invoked', {}, h('span.invoker', {}, displayName(source.user)), ' used ', h('span.invocation', {}, `/${source.name}`));
}

function reference(message) {
  const quoted = message.referenced_message;
  if (!quoted) return null;
  return h('div.invoked', {}, h('span.invoker', {}, displayName(quoted.author)), ` ${String(quoted.content ?? '').slice(0, 90)}`);
}

function attachment(file) {
  const label = `${file.filename ?? 'file'} · ${Math.max(1, Math.round((file.size ?? 0) / 1024))} KiB`;
  if (!isOwnAddress(file.url)) return h('div.file', {}, '📄 ', label);
  const isPicture = /^image\/(png|jpeg|webp|gif)$/.test(file.content_type ?? '');
  if (!isPicture) return h('a.file', { href: file.url, download: file.filename ?? '' }, '📄 ', label);
  return h('img.picture', { src: file.url, alt: file.description ?? file.filename ?? '' });
}

function threadLink(thread, { goTo }) {
  return h('button.thread-link', { type: 'button', data: { focus: 'thread' }, onclick: () => goTo(thread.id) },
    h('strong', {}, thread.name ?? 'thread'), h('span', {}, 'Open thread ›'));
}

function ephemeralNote(message, { chat, state }) {
  const dismiss = () => {
    chat.dismiss(message.id);
    state.touch('chat');
  };
  return h('div.ephemeral-note', {}, '◉ Only you can see this · ',
    h('button.text', { type: 'button', data: { focus: 'dismiss' }, onclick: dismiss }, 'dismiss'));
}
