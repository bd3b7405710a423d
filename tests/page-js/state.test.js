import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Chat, compareIds, isVisible } from '../../src/ScyllaBot.Sandbox/Page/scripts/chat.js';
import { VirtualClock } from '../../src/ScyllaBot.Sandbox/Page/scripts/clock.js';
import { formatTime, relative } from '../../src/ScyllaBot.Sandbox/Page/scripts/time.js';

const message = (id, author, pings = []) => ({ id, channel_id: '1', author: { id: author }, pings });

test('ids compare as numbers beyond 2^53', () => {
  assert.ok(compareIds('999', '1000') < 0);
  assert.ok(compareIds('1573999907960782851', '1573999907960782850') > 0);
});

test('messages of others are unread until the channel was looked at, pings are counted apart', () => {
  const reads = new Map();
  const chat = new Chat('me', reads);
  chat.load('1', [message('30', 'bot', ['me']), message('10', 'bot'), message('20', 'me')]);
  assert.deepEqual(chat.badge('1'), { unread: 2, pings: 1 });
  chat.markRead('1');
  assert.deepEqual(chat.badge('1'), { unread: 0, pings: 0 });
  chat.upsert(message('40', 'bot', ['you']));
  assert.deepEqual(chat.badge('1'), { unread: 1, pings: 0 });
  assert.deepEqual(chat.list('1').map(each => each.id), ['10', '20', '30', '40']);
});

test('an edit replaces, a dismissal hides and stays hidden after a reload', () => {
  const chat = new Chat('me', new Map());
  chat.upsert(message('10', 'bot'));
  chat.upsert({ ...message('10', 'bot'), content: 'new' });
  assert.deepEqual(chat.list('1').map(each => each.content), ['new']);
  chat.upsert(message('50', 'bot'));
  assert.deepEqual(chat.list('1').map(each => each.id), ['10', '50']);
  chat.dismiss('50');
  chat.load('1', [message('10', 'bot'), message('50', 'bot')]);
  assert.deepEqual(chat.list('1').map(each => each.id), ['10']);
});

test('a direct channel is seen by its own human only, a category by nobody, a thread by everybody', () => {
  const world = { users: [{ id: '1', name: 'mara' }] };
  assert.equal(isVisible({ type: 1, name: '@mara' }, world, '1'), true);
  assert.equal(isVisible({ type: 1, name: '@jon' }, world, '1'), false);
  assert.equal(isVisible({ type: 4, name: 'channels' }, world, '1'), false);
  assert.equal(isVisible({ type: 0, name: 'ops' }, world, '1'), true);
  assert.equal(isVisible({ type: 11, name: 'ops job' }, world, '1'), true);
});

test('the virtual clock runs factor times as fast from its anchor', () => {
  const clock = new VirtualClock();
  const real = Date.parse('2026-08-01T10:00:00Z');
  assert.equal(clock.now(real), real);
  clock.set({ real: '2026-08-01T10:00:00.1234567Z', virtual: '2026-01-28T18:29:00Z', factor: 30 });
  assert.equal(clock.now(real + 123 + 2_000), Date.parse('2026-01-28T18:30:00Z'));
  clock.set({ real: 'nonsense', virtual: 'x', factor: 1 });
  assert.equal(clock.factor, 30);
});

test('relative times use the largest whole unit', () => {
  const now = Date.parse('2026-01-28T18:29:00Z');
  const at = seconds => relative(now / 1000 + seconds, now);
  assert.deepEqual([at(0), at(42), at(-61), at(7_300), at(-172_800)], ['now', 'in 42 seconds', '1 minute ago', 'in 2 hours', '2 days ago']);
});

test('absolute times follow the style', () => {
  const unix = Date.parse('2026-01-28T18:29:05Z') / 1000;
  assert.equal(formatTime(unix, 'T', 0, 'UTC'), '18:29:05');
  assert.equal(formatTime(unix, 't', 0, 'UTC'), '18:29');
  assert.match(formatTime(unix, 'f', 0, 'UTC'), /^28 January 2026.* 18:29$/);
});
