// Zones as columns, nodes as cards.

import { h, keyed } from './dom.js';

/** "scylla-messages-stg-us-east1-b-1" → "b-1". */
export function shortName(name) {
  return String(name).split('-').slice(-2).join('-');
}

/** Its process does not run, so it sees nobody and can be powered on. */
export function isOff(node) {
  return node.process === 'dead' || node.process === 'stopped';
}

/** It does not serve as a member of its ring should. */
export function isOut(node) {
  return node.process !== 'running' || node.mode !== 'NORMAL' || !node.cql;
}

/** The cluster's nodes by rack, in the order of their names. */
export function byZone(cluster) {
  const racks = [...new Set(cluster.nodes.map(each => each.rack))].sort();
  return racks.map(rack => ({ rack, nodes: cluster.nodes.filter(each => each.rack === rack) }));
}

/** How many of the other nodes see this one up, and how many see it down; one that does not run sees nobody. */
export function seenBy(node, cluster) {
  const others = cluster.nodes.filter(each => each.address !== node.address).map(each => each.address);
  const among = list => others.filter(address => (list ?? []).includes(address)).length;
  return { up: among(node.up_for), down: among(node.down_for), of: others.length };
}

export function zones(root, cluster, feed) {
  const columns = byZone(cluster);
  root.style.setProperty('--zones', columns.length);
  keyed(root, columns, each => `${cluster.name}/${each.rack}`, () => '', each => h('section.zone', { 'aria-label': `zone ${each.rack}` },
    h('h3', {}, `${cluster.dc ?? each.nodes[0]?.dc ?? ''} ${each.rack}`), h('div.zone-nodes')));
  columns.forEach(({ nodes }, at) => {
    const signature = node => JSON.stringify([node, seenBy(node, cluster)]);
    keyed(root.children[at].lastElementChild, nodes, each => each.name, signature, each => card(each, cluster, feed));
  });
}

function card(node, cluster, feed) {
  const seen = seenBy(node, cluster);
  const faults = node.faults ?? [];
  const cql = `CQL ${node.cql ? 'on' : 'off'}`;
  return h('article.node', {
    class: `${node.process} ${node.mode === 'NORMAL' && node.cql ? 'serving' : ''}`,
    title: `${node.name}\nhost id ${node.host_id ?? '?'}\ngeneration ${node.generation ?? '?'}, ${node.process} since ${node.since ?? '?'}`,
    'aria-label': `${node.name}: ${node.process}, mode ${node.mode ?? 'none'}, ${cql}, seen up by ${seen.up} of ${seen.of}`,
    data: { testid: `node-${node.name}`, mode: node.mode ?? '', process: node.process, cql: Boolean(node.cql), seen: seen.up },
  },
  h('header', {}, h('strong', {}, shortName(node.name)), h('span.cql', { class: node.cql ? 'on' : 'off', title: cql }, 'CQL')),
  h('div.address', {}, node.address),
  h('div.facts', {}, h('span.mode', {}, node.mode ?? '—'),
    h('span', { class: node.compactions > 0 ? 'busy' : '', title: 'compactions' }, `⟳ ${node.compactions ?? 0}`)),
  h('div.facts', {}, h('span.process', {}, node.process),
    h('span', { class: seen.down > 0 ? 'low' : '', title: 'other nodes that see this one up' }, `◉ ${seen.up}/${seen.of}`)),
  faults.length > 0 ? h('div.faults', {}, faults.map(each => h('span.fault', {}, each))) : null,
  isOff(node) ? h('button.power', { type: 'button', data: { testid: `power-${node.name}`, focus: 'power' }, onclick: () => feed.power(node.name),
    'aria-label': `Power on ${node.name}` }, '⏻ power on') : null);
}
