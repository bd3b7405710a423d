// Left: the guild, its channels with their threads, and who we are.

import { fill, h } from './dom.js';
import { isVisible } from './chat.js';
import { avatar } from './people.js';
import { isThread, threadLines } from './threads.js';

export function mountSidebar({ root, state, goTo, beUser }) {
  const guild = h('header.guild');
  const channels = h('nav.channels', { 'aria-label': 'Channels' });
  const users = h('div.users', { role: 'radiogroup', 'aria-label': 'You are' });
  const bot = h('div.bot-state', { role: 'status' });
  fill(root, guild, channels, bot, h('div.users-title', {}, 'You are'), users);

  state.on(['world', 'chatUp'], () => {
    const up = state.get('chatUp');
    fill(guild, h('img.guild-mark', { src: '/page/bot.svg', alt: '' }),
      h('strong', {}, state.get('world')?.guild.name ?? 'ScyllaBot sandbox'),
      h('span.link-state', { class: up ? 'up' : 'down', role: 'status', title: up ? 'Live' : 'Reconnecting',
        data: { testid: 'connection', up } }, h('span.visually-hidden', {}, up ? 'Live' : 'Reconnecting')));
  });

  state.on(['world'], () => {
    const online = state.get('world')?.bot_online;
    bot.hidden = online === undefined;
    fill(bot, h('span.presence', { class: online ? 'on' : 'off', 'aria-hidden': 'true' }), `ScyllaBot is ${online ? 'online' : 'offline'}`);
    bot.dataset.testid = 'bot-state';
    bot.dataset.online = String(Boolean(online));
  });

  state.on(['world', 'chat', 'reads', 'channel', 'user'], () => {
    const world = state.get('world');
    if (!world) return;
    const focused = channels.contains(document.activeElement) ? document.activeElement.dataset.channel : null;
    const texts = world.channels.filter(each => each.type === 0);
    const direct = world.channels.filter(each => each.type === 1 && isVisible(each, world, state.get('user')));
    fill(channels, h('div.category', {}, 'Channels'), texts.map(each => [
      entry(each, state, goTo),
      world.channels.filter(thread => isOpenThread(thread) && thread.parent_id === each.id)
        .map(thread => entry(thread, state, goTo)),
    ]), direct.length > 0 ? h('div.category', {}, 'Direct messages') : null, direct.map(each => entry(each, state, goTo)));
    if (focused) [...channels.querySelectorAll('button')].find(each => each.dataset.channel === focused)?.focus();
    title(state, world);
  });

  state.on(['world', 'user'], () => {
    const focused = users.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    fill(users, (state.get('world')?.users ?? []).filter(each => !each.bot).map(each => person(each, state, beUser)));
    if (focused) [...users.children].find(each => each.dataset.testid === focused)?.focus();
  });
}

const isOpenThread = channel => isThread(channel) && !channel.thread_metadata?.archived;

function entry(channel, state, goTo) {
  const { unread, pings } = state.get('chat')?.badge(channel.id) ?? { unread: 0, pings: 0 };
  const thread = isThread(channel);
  const mark = thread ? '└' : channel.type === 1 ? '' : '#';
  const current = channel.id === state.get('channel');
  const { first, rest } = thread ? threadLines(channel.name) : { first: channel.name, rest: '' };
  const badge = pings > 0 ? `, ${pings} mentions` : unread > 0 ? ', unread' : '';
  return h('button.channel', {
    type: 'button',
    class: [thread ? 'thread' : '', current ? 'current' : '', unread > 0 ? 'unread' : ''].join(' '),
    'aria-current': current ? 'page' : null,
    title: channel.name,
    'aria-label': `${thread ? 'thread ' : mark}${channel.name}${badge}`,
    data: { testid: `channel-${channel.name}`, channel: channel.id, unread, pings },
    onclick: () => goTo(channel.id),
  }, h('span.hash', { 'aria-hidden': 'true' }, mark), h('span.channel-name', {}, first, rest === '' ? null : h('small.thread-title', {}, rest)),
  pings > 0 ? h('span.ping-badge', { data: { testid: 'ping-badge' } }, pings > 99 ? '99+' : pings) : null);
}

function person(user, state, beUser) {
  const chosen = user.id === state.get('user');
  return h('button.user', {
    type: 'button', role: 'radio', 'aria-checked': chosen, class: chosen ? 'chosen' : '',
    'aria-label': `${user.name}, ${user.title ?? ''}`,
    data: { testid: `user-${user.name}` },
    onclick: () => beUser(user.id),
  }, avatar(user), h('span.user-text', {}, h('strong', {}, user.name), h('small', {}, user.title ?? user.roles?.join(', ') ?? '')));
}

function title(state, world) {
  const chat = state.get('chat');
  const pings = world.channels.reduce((sum, each) => sum + (chat?.badge(each.id).pings ?? 0), 0);
  document.title = pings > 0 ? `(${pings}) ScyllaBot sandbox` : 'ScyllaBot sandbox';
}
