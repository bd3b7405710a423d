// Right: the clusters as they really are, whatever the bot believes.

import { mountControls } from './controls.js';
import { fill, h } from './dom.js';
import { whoSeesWhom } from './matrix.js';
import { isOut, zones } from './nodes.js';
import { effectLog, verdictBanner } from './oracle.js';
import { formatTime } from './time.js';

const CLOCK_MS = 200;

export function mountCluster({ root, state, clock, feed }) {
  const tabs = h('div.tabs', { role: 'tablist', 'aria-label': 'Clusters' });
  const time = h('time.virtual', { data: { testid: 'virtual-clock' } });
  const verdict = h('div.verdict-slot');
  const map = h('div.zones', { role: 'group', 'aria-label': 'Nodes by zone' });
  const matrix = h('div.matrix-slot');
  const log = h('div.effect-slot');
  const body = h('div.panel-body', { role: 'tabpanel', 'aria-label': 'Cluster' }, verdict, map, matrix, log);
  const controls = h('div.controls');
  fill(root, h('header.panel-head', {}, tabs, h('div.clock', { title: 'The clusters\' own, virtual time' },
    h('span.clock-mark', { 'aria-hidden': 'true' }, '◷'), time)), body, controls);
  mountControls({ root: controls, state, feed });

  const current = () => state.get('clusters').find(each => each.name === state.get('cluster')) ?? null;

  state.on(['clusters', 'cluster', 'verdicts'], () => fill(tabs, state.get('clusters').map(each => tab(each, state, feed))));
  state.on(['clusters', 'cluster', 'sandboxUp'], () => {
    const cluster = current();
    root.classList.toggle('stale', !state.get('sandboxUp'));
    if (!cluster) {
      fill(map, h('p.empty', {}, 'Waiting for the sandbox…'));
      return;
    }
    zones(map, cluster, feed);
    fill(matrix, whoSeesWhom(cluster, matrix.querySelector('details')?.open ?? true));
  });
  state.on(['verdicts', 'cluster', 'clusters'], () => {
    const name = state.get('cluster');
    fill(verdict, verdictBanner(state.get('verdicts').get(name) ?? null, current(), feed, verdict.querySelector('details')?.open ?? false));
    fill(log, effectLog(state.get('effects').get(name) ?? []));
  });
  setInterval(() => showClock(time, clock), CLOCK_MS);
  showClock(time, clock);
}

function showClock(node, clock) {
  const seconds = clock.now() / 1000;
  node.textContent = clock.known ? `${formatTime(seconds, 'T', 0, 'UTC')} UTC` : '--:--:--';
  node.title = clock.known ? `${new Date(seconds * 1000).toISOString()} at ${clock.factor} times real speed` : '';
}

function tab(cluster, state, feed) {
  const chosen = cluster.name === state.get('cluster');
  const lost = state.get('verdicts').get(cluster.name)?.quorum_ever_lost;
  const impaired = cluster.nodes.filter(isOut).length;
  return h('button.tab', {
    type: 'button', role: 'tab', 'aria-selected': chosen, class: chosen ? 'chosen' : '',
    data: { testid: `cluster-${cluster.name}` },
    onclick: () => feed.choose(cluster.name),
  }, h('span.dot', { class: lost ? 'bad' : impaired > 0 ? 'warn' : 'good', 'aria-hidden': 'true' }), cluster.name);
}
