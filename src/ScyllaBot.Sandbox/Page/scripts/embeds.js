// One embed: colour bar, title, description, fields, picture, footer.

import { h, isOwnAddress } from './dom.js';
import { rich, richLine } from './rich.js';
import { stamp } from './time.js';

const MAX_FIELDS = 25;

export function embed(data, context) {
  const node = h('section.embed', { 'aria-label': data.title ?? 'embed', data: { testid: 'embed' } },
    data.author?.name ? h('div.embed-author', {}, data.author.name) : null,
    data.title ? h('div.embed-title', {}, richLine(data.title, context)) : null,
    data.description ? h('div.embed-text', {}, rich(data.description, context)) : null,
    data.fields?.length > 0 ? fields(data.fields.slice(0, MAX_FIELDS), context) : null,
    picture(data.image),
    footer(data));
  if (Number.isInteger(data.color)) node.style.borderLeftColor = colour(data.color);
  return node;
}

/** Discord's 0xRRGGBB as CSS. */
export function colour(value) {
  return `#${(value & 0xffffff).toString(16).padStart(6, '0')}`;
}

// Inline fields share a row in threes; a field that is not inline takes the whole row.
function fields(all, context) {
  return h('div.fields', {}, all.map(field => h('div.field', { class: field.inline ? 'inline' : '' },
    h('div.field-name', {}, richLine(field.name, context)),
    h('div.field-value', {}, rich(field.value, context)))));
}

function picture(image) {
  return isOwnAddress(image?.url) ? h('img.picture', { src: image.url, alt: image.description ?? '' }) : null;
}

function footer({ footer: foot, timestamp }) {
  if (!foot?.text && !timestamp) return null;
  return h('div.embed-footer', {}, foot?.text, foot?.text && timestamp ? ' • ' : null,
    timestamp ? h('time', { datetime: timestamp, title: timestamp }, stamp(timestamp)) : null);
}
