// Draws the markdown tree. Links never lead out of the page; links to a message of this guild open its channel.

import { h } from './dom.js';
import { parseInline, parseMarkdown } from './markdown.js';
import { formatTime } from './time.js';

const TAGS = {
  strong: 'strong', em: 'em', u: 'u', s: 's', quote: 'blockquote', h1: 'h3', h2: 'h4', h3: 'h5', sub: 'div.subtext', li: 'div.bullet',
};
const JUMP = /^https?:\/\/[^/]+\/channels\/(\d+)\/(\d+)(?:\/(\d+))?$/;

/**
 * What a text may refer to.
 * world: GET /page-api/world, me: the chosen user's id, pings: ids this message notified, clock: virtual clock, goTo: opens a channel.
 */
export function rich(text, context) {
  return parseMarkdown(text).map(node => draw(node, context));
}

/** The same for one line, such as an embed's title or field name. */
export function richLine(text, context) {
  return parseInline(String(text ?? '')).map(node => draw(node, context));
}

function draw(node, context) {
  switch (node.t) {
    case 'text': return node.v;
    case 'br': return h('br');
    case 'code': return h('code', {}, node.v);
    case 'pre': return h('pre', { tabindex: '0' }, h('code', { data: { lang: node.lang } }, node.v));
    case 'time': return time(node, context);
    case 'user': return user(node.id, context);
    case 'role': return role(node.id, context);
    case 'channel': return channel(node.id, context);
    case 'link': return link(node, context);
    default: return h(TAGS[node.t], {}, node.c.map(child => draw(child, context)));
  }
}

function time({ unix, style }, { clock }) {
  const at = new Date(unix * 1000);
  const iso = Number.isFinite(at.getTime()) ? at.toISOString() : '';
  return h('time', { datetime: iso, title: iso, data: { unix, style } }, iso === '' ? '?' : formatTime(unix, style, clock.now()));
}

function user(id, { world, me, pings }) {
  const known = world?.users.find(each => each.id === id);
  const name = known?.name ?? (id === world?.bot_user_id ? 'ScyllaBot' : 'unknown-user');
  const mine = id === me;
  return h('span.mention', { class: mine && (pings ?? [me]).includes(me) ? 'me' : '' }, `@${name}`);
}

function role(id, { world, me, pings }) {
  const known = world?.roles.find(each => each.id === id);
  const mine = world?.users.find(each => each.id === me)?.roles.some(each => each === id || each === known?.name);
  return h('span.mention.role', { class: mine && (pings ?? [me]).includes(me) ? 'me' : '' }, `@${known?.name ?? 'unknown-role'}`);
}

function channel(id, context) {
  const known = context.world?.channels.find(each => each.id === id);
  if (!known) return h('span.mention', {}, '#unknown');
  return h('button.mention', { type: 'button', onclick: () => context.goTo(id) }, `#${known.name}`);
}

function link({ v, url }, context) {
  const jump = JUMP.exec(url);
  const known = jump && context.world?.channels.find(each => each.id === jump[2]);
  if (!known) return h('span.link', { title: `${url} (links are switched off in the sandbox)` }, v);
  const text = v === url ? `#${known.name} › message` : v;
  return h('button.mention', { type: 'button', onclick: () => context.goTo(jump[2], jump[3]) }, text);
}
