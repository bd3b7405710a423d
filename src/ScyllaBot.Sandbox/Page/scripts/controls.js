// Speed of the virtual clock, and faults.

import { fill, h } from './dom.js';
import { shortName } from './nodes.js';

const SPEEDS = [1, 10, 30, 60, 120];
const KINDS = {
  'drain-hangs': 'drain hangs', 'start-fails': 'start fails', 'gossip-lag': 'gossip lag', 'api-500': 'API answers 500',
  'node-dies': 'node dies', 'compactions-stuck': 'compactions stuck', 'slow-start': 'slow start', 'join-hangs': 'join hangs',
};

export function mountControls({ root, state, feed }) {
  const speeds = h('div.speeds', { role: 'radiogroup', 'aria-label': 'Speed of the virtual clock' });
  const kind = h('select', { 'aria-label': 'Kind of fault', data: { testid: 'fault-kind' } },
    Object.entries(KINDS).map(([value, label]) => h('option', { value }, label)));
  const node = h('select', { 'aria-label': 'Node', data: { testid: 'fault-node' } });
  const times = number('fault-count', 'How often the fault bites', 1, 1, 100);
  const seconds = number('fault-seconds', 'How long it lasts, on the clusters\' clock', 60, 1, 86_400);
  const form = h('form.fault-form', { onsubmit: inject }, node, kind,
    h('label.amount', {}, 'times', times), h('label.amount', {}, 'seconds', seconds),
    h('button.button.danger', { type: 'submit', data: { testid: 'fault-inject' } }, 'Inject'),
    h('button.button.secondary', { type: 'button', data: { testid: 'fault-lift' }, onclick: () => feed.lift() }, 'Lift all'));
  const active = h('div.active-faults', { 'aria-label': 'Faults waiting to bite' });
  fill(root, h('div.control-row', {}, h('span.control-name', {}, 'Speed'), speeds),
    h('div.control-row', {}, h('span.control-name', {}, 'Fault'), form), active);

  function inject(event) {
    event.preventDefault();
    feed.inject({
      cluster: state.get('cluster'), node: node.value === '' ? null : node.value, kind: kind.value,
      count: Number(times.value) || 1, seconds: Number(seconds.value) || 60,
    });
  }

  state.on(['clock'], () => {
    const factor = state.get('clock')?.factor;
    const focused = speeds.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    fill(speeds, SPEEDS.map(each => h('button.speed', {
      type: 'button', role: 'radio', 'aria-checked': each === factor, class: each === factor ? 'chosen' : '',
      'aria-label': `${each} times`, data: { testid: `speed-${each}` }, onclick: () => feed.setSpeed(each),
    }, `${each}×`)));
    if (focused) speeds.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
  });

  let listed = '';
  state.on(['clusters', 'cluster'], () => {
    const nodes = state.get('clusters').find(each => each.name === state.get('cluster'))?.nodes ?? [];
    const names = nodes.map(each => each.name).join();
    if (names === listed) return;
    listed = names;
    fill(node, h('option', { value: '' }, 'next node'), nodes.map(each => h('option', { value: each.name }, shortName(each.name))));
  });

  state.on(['faults'], () => fill(active, state.get('faults').map(each => h('span.fault', {}, describe(each)))));
}

function describe({ kind, node, cluster, count }) {
  const where = node ? shortName(node) : `next in ${cluster ?? 'any'}`;
  return `${kind} · ${where}${count > 1 ? ` ×${count}` : ''}`;
}

function number(testid, hint, value, min, max) {
  return h('input.number', { type: 'number', title: hint, value, min, max, data: { testid } });
}
