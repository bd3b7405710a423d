import assert from 'node:assert/strict';
import { test } from 'node:test';
import { threadLines } from '../../src/ScyllaBot.Sandbox/Page/scripts/threads.js';

test('cluster and job come first, since titles are alike', () => {
  assert.deepEqual(threadLines('Restart each node, zone by zone · messages-stg · 1KG2'), { first: 'messages-stg · 1KG2', rest: 'Restart each node, zone by zone' });
});

test('a title may have the same mark in it', () => {
  assert.deepEqual(threadLines('a · b · messages-stg · 1KG2'), { first: 'messages-stg · 1KG2', rest: 'a · b' });
});

test('a name of another form is shown as it is', () => {
  assert.deepEqual(threadLines('log'), { first: 'log', rest: '' });
  assert.deepEqual(threadLines('a · b'), { first: 'a · b', rest: '' });
});
