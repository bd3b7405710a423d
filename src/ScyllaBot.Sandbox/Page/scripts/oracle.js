// The oracle's word on the cluster: computed from the clusters themselves, never from what the bot says.

import { h } from './dom.js';
import { isOut, shortName } from './nodes.js';
import { formatTime } from './time.js';

const SHOWN_EFFECTS = 8;
const SHOWN_VIOLATIONS = 5;
const SHOWN_REASONS = 3;

export function verdictBanner(verdict, cluster, feed, open) {
  if (!verdict) return h('section.verdict.unknown', { data: { testid: 'verdict' } }, 'The oracle has not spoken yet.');
  const lost = Boolean(verdict.quorum_ever_lost);
  const kind = lost ? 'lost' : verdict.healthy ? 'healthy' : 'impaired';
  return h('section.verdict', {
    class: kind, role: 'status', 'aria-label': 'Verdict of the oracle',
    data: { testid: 'verdict', healthy: Boolean(verdict.healthy), quorumLost: lost, state: kind },
  },
  h('header', {}, h('strong', {}, headline(kind, cluster)), feed ? h('button.text', { type: 'button', onclick: () => feed.resetOracle(),
    title: 'Forget what the oracle saw so far' }, 'reset') : null),
  verdict.why?.length > 0 ? h('p.why', { title: verdict.why.slice(0, 20).join('\n') }, brief(verdict.why, cluster)) : null,
  h('dl.counts', {},
    count('probes ok', verdict.probes?.ok ?? 0), count('failed', verdict.probes?.failed ?? 0, verdict.probes?.failed > 0),
    count('min live', minLive(verdict.min_live), verdict.min_live?.live < verdict.min_live?.needed, place(verdict.min_live)),
    count('max down', verdict.max_down ?? 0), count('two zones', verdict.two_zones_ever ? 'yes' : 'never', verdict.two_zones_ever),
    verdict.peer_view_lost ? count('peer view', 'lost', true, 'replicas served, but most coordinators still saw them down') : null,
    verdict.raft_majority_ever_lost ? count('raft majority', 'lost', true) : null),
  violations(verdict.violations ?? [], open));
}

function headline(kind, cluster) {
  if (kind === 'lost') return '✕ Quorum was lost';
  if (kind === 'healthy') return '✓ Healthy';
  const out = (cluster?.nodes ?? []).filter(isOut);
  const names = out.map(each => shortName(each.name)).join(', ');
  return out.length === 0 ? '◐ Settling, quorum holds' : `◐ ${names} out, quorum holds`.slice(0, 80);
}

// The reasons name nodes in full; the card's short names keep the banner to two lines.
function brief(why, cluster) {
  const text = why.slice(0, SHOWN_REASONS).join(' · ') + (why.length > SHOWN_REASONS ? ` · ${why.length - SHOWN_REASONS} more` : '');
  return (cluster?.nodes ?? []).reduce((short, node) => short.replaceAll(node.name, shortName(node.name)), text).slice(0, 240);
}

const minLive = least => (least ? `${least.live} of ${least.needed} needed` : '—');
const place = least => (least ? `${least.keyspace} ${least.range ?? ''} at ${least.at ?? '?'}` : null);

function count(name, value, bad = false, title = null) {
  const text = typeof value === 'number' ? value.toLocaleString('en') : value;
  return h('div', { class: bad ? 'bad' : '', title }, h('dt', {}, name), h('dd', {}, text));
}

function violations(all, open) {
  if (all.length === 0) return null;
  return h('details.violations', { open }, h('summary', {}, `${all.length} violation${all.length === 1 ? '' : 's'}`),
    h('ul', {}, all.slice(-SHOWN_VIOLATIONS).reverse().map(each => h('li', {},
      `${clockTime(each.at)} ${each.keyspace}.${each.table ?? '*'}: ${(each.down ?? []).map(shortName).join(', ')} down`))));
}

/** The last real changes of state, newest first. */
export function effectLog(effects) {
  if (effects.length === 0) return null;
  return h('section.effects', { 'aria-label': 'Last effects' }, h('h3', {}, 'What really happened'),
    h('ol', {}, effects.slice(-SHOWN_EFFECTS).reverse().map(each => h('li', {},
      h('time', {}, clockTime(each.at)), h('strong', {}, shortName(each.node)), h('span.kind', { class: each.kind }, each.kind),
      h('span.step', { title: each.step ?? '' }, each.step ?? 'by hand')))));
}

function clockTime(iso) {
  const at = Date.parse(iso);
  return Number.isFinite(at) ? formatTime(at / 1000, 'T', 0, 'UTC') : '?';
}
