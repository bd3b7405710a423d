// Reads the clusters, the clock and the oracle: events when they come, the whole every two seconds in any case.

import { api } from './api.js';
import { openSharedStream } from './live.js';
import { toast } from './toast.js';

const EVENTS = ['node', 'effect', 'violation', 'clock', 'fault'];
const POLL_MS = 2_000;
const ORACLE_MS = 1_000;
const SOON_MS = 200;

export function createClusterFeed({ state, clock }) {
  let soon = null;
  let later = null;
  let reading = null;

  // One reading at a time: events that come in a burst, or a sandbox that answers slowly, must not pile up requests.
  function readAll() {
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  }

  async function read() {
    const [time, body, faults] = await Promise.all([api.clock(), api.clusters(), api.faults().catch(() => null)]);
    takeClock(time);
    takeClusters(body.clusters ?? []);
    state.set('faults', Array.isArray(faults) ? faults : faults?.faults ?? []);
    state.set('sandboxUp', true);
  }

  function takeClock(time) {
    clock.set(time);
    state.set('clock', time);
  }

  function takeClusters(clusters) {
    state.set('clusters', clusters);
    if (!clusters.some(each => each.name === state.get('cluster'))) state.set('cluster', clusters[0]?.name ?? null);
  }

  async function readOracle() {
    const cluster = state.get('cluster');
    if (!cluster) return;
    const [verdict, effects] = await Promise.all([api.verdict(cluster), api.effects(cluster).catch(() => [])]);
    state.get('verdicts').set(cluster, verdict);
    state.get('effects').set(cluster, Array.isArray(effects) ? effects : effects?.effects ?? []);
    state.touch('verdicts');
  }

  function oracleSoon() {
    soon ??= setTimeout(() => {
      soon = null;
      readOracle().catch(() => {});
    }, SOON_MS);
  }

  function allSoon() {
    later ??= setTimeout(() => {
      later = null;
      readAll().catch(down);
    }, SOON_MS);
  }

  function takeNode(fresh) {
    const clusters = state.get('clusters');
    const cluster = clusters.find(each => each.nodes.some(node => node.name === fresh.name));
    const at = cluster?.nodes.findIndex(node => node.name === fresh.name) ?? -1;
    if (at < 0) return;
    cluster.nodes[at] = { ...cluster.nodes[at], ...fresh };
    state.touch('clusters');
    oracleSoon();
  }

  const down = () => state.set('sandboxUp', false);
  openSharedStream('sandbox-events', api.sandboxEvents, EVENTS, {
    onOpen: () => readAll().catch(down),
    onDown: down,
    onEvent(kind, data) {
      if (kind === 'node') takeNode(data);
      else if (kind === 'clock') takeClock(data);
      else if (kind === 'fault') allSoon();
      else oracleSoon();
    },
  });
  setInterval(() => readAll().catch(down), POLL_MS);
  setInterval(() => readOracle().catch(() => {}), ORACLE_MS);
  readAll().then(readOracle).catch(down);

  async function act(work) {
    try {
      await work();
      allSoon();
      oracleSoon();
    } catch (error) {
      toast(error.message);
    }
  }

  return {
    choose(cluster) {
      state.set('cluster', cluster);
      oracleSoon();
    },
    setSpeed: factor => act(() => api.speed(factor)),
    inject: fault => act(() => api.inject(fault)),
    lift: () => act(() => api.liftFaults()),
    power: node => act(() => api.power(node, true)),
    resetOracle: () => act(() => api.resetOracle()),
  };
}
