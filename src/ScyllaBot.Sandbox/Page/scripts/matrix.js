// Who sees whom: a row per observer, a column per node seen.

import { h } from './dom.js';
import { isOff, shortName } from './nodes.js';

/** 'self', 'up', 'down', or 'none' when the observer is not running and so sees nobody. */
export function sight(observer, seen) {
  if (observer.address === seen.address) return 'self';
  if (isOff(observer)) return 'none';
  if ((seen.up_for ?? []).includes(observer.address)) return 'up';
  return (seen.down_for ?? []).includes(observer.address) ? 'down' : 'none';
}

export function whoSeesWhom(cluster, open) {
  const nodes = cluster.nodes;
  const downs = nodes.flatMap(row => nodes.filter(column => sight(row, column) === 'down').map(column => [row, column]));
  return h('details.matrix', { open },
    h('summary', {}, 'Who sees whom', h('span.matrix-sum', { class: downs.length > 0 ? 'low' : '' },
      downs.length === 0 ? 'all up' : `${downs.length} seen down`)),
    h('table', { 'aria-label': 'Who sees whom' },
      h('thead', {}, h('tr', {}, h('th', {}), nodes.map(each => h('th', { scope: 'col' }, h('span', {}, shortName(each.name)))))),
      h('tbody', {}, nodes.map(row => h('tr', {},
        h('th', { scope: 'row' }, shortName(row.name)), nodes.map(column => cell(row, column)))))));
}

function cell(row, column) {
  const state = sight(row, column);
  const text = `${shortName(row.name)} sees ${shortName(column.name)}: ${state}`;
  return h('td', { title: text }, h('span.cell', { class: state, role: 'img', 'aria-label': text }));
}
