// Names and faces.

import { h } from './dom.js';

const HUES = [205, 28, 272, 130, 340, 60];

/** The name the chat shows for a Discord user object or a world user. */
export function displayName(person) {
  return person?.global_name ?? person?.username ?? person?.name ?? 'unknown';
}

/** A round face: our own drawing for the bot, a coloured initial for people. */
export function avatar(person) {
  if (person?.bot) return h('img.avatar', { src: '/page/bot.svg', alt: '' });
  const name = displayName(person);
  const node = h('span.avatar', { 'aria-hidden': 'true' }, name.slice(0, 1).toUpperCase());
  const hue = HUES[name.codePointAt(0) % HUES.length];
  node.style.background = `linear-gradient(145deg, hsl(${hue} 48% 48%), hsl(${(hue + 40) % 360} 52% 32%))`;
  return node;
}
