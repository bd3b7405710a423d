import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  convert, leaves, matchCommands, missing, optionTree, parseLine, segments, unused, valueAt,
} from '../../src/ScyllaBot.Sandbox/Page/scripts/commandline.js';

const world = { users: [{ id: '11', name: 'mara' }], roles: [{ id: '21', name: 'approver' }], channels: [{ id: '31', name: 'ops' }] };
const commands = [{
  name: 'scp', type: 1, options: [
    { type: 1, name: 'run', description: 'Start', options: [
      { type: 3, name: 'reason' }, { type: 3, name: 'workflow', required: true, autocomplete: true },
      { type: 3, name: 'cluster', required: true }, { type: 5, name: 'dry' }, { type: 4, name: 'parallel', min_value: 1, max_value: 3 },
    ] },
    { type: 1, name: 'run-all', options: [] },
    { type: 1, name: 'owner', options: [{ type: 6, name: 'to', required: true }] },
    { type: 2, name: 'config', options: [{ type: 1, name: 'show' }] },
  ],
}, { name: 'ping', type: 1 }, { name: 'A user menu', type: 2 }];
const all = leaves(commands);
const tree = (line, chosen, focused) => optionTree(parseLine(line, all), chosen, world, focused);

test('every subcommand is listed by its whole path, menus of other types are not', () => {
  assert.deepEqual(all.map(each => each.text), ['/ping', '/scp config show', '/scp owner', '/scp run', '/scp run-all']);
});

test('required options come first', () => {
  const names = all.find(each => each.text === '/scp run').options.map(each => each.name);
  assert.deepEqual(names, ['workflow', 'cluster', 'reason', 'dry', 'parallel']);
});

test('an exact command ranks before longer ones, and any part of a name finds it', () => {
  assert.deepEqual(matchCommands(all, '/scp run').map(each => each.text), ['/scp run', '/scp run-all']);
  assert.deepEqual(matchCommands(all, '/ru').map(each => each.text), ['/scp run', '/scp run-all']);
  assert.deepEqual(matchCommands(all, '/nothing'), []);
});

test('a whole line becomes the option tree of Discord', () => {
  const { options, errors } = tree('/scp run workflow:rolling_restart cluster:messages-stg');
  assert.equal(errors.size, 0);
  assert.deepEqual(options, [{ type: 1, name: 'run', options: [
    { type: 3, name: 'workflow', value: 'rolling_restart' }, { type: 3, name: 'cluster', value: 'messages-stg' }] }]);
});

test('groups nest', () => {
  assert.deepEqual(tree('/scp config show').options, [{ type: 2, name: 'config', options: [{ type: 1, name: 'show', options: [] }] }]);
});

test('plain text is no command line', () => {
  assert.equal(parseLine('hello', all), null);
  assert.equal(parseLine('/scp runaway', all).leaf, null);
});

test('a value may hold spaces and colons until the next option', () => {
  const parsed = parseLine('/scp run reason:kernel bug: see https://x cluster:a workflow:b', all);
  const values = parsed.values.map(each => [each.option.name, each.text]);
  assert.deepEqual(values, [['reason', 'kernel bug: see https://x'], ['cluster', 'a'], ['workflow', 'b']]);
});

test('a name given twice belongs to the first value', () => {
  const parsed = parseLine('/scp run reason:as cluster:x said cluster:y', all);
  assert.deepEqual(parsed.values.map(each => each.text), ['as', 'x said cluster:y']);
});

test('text before the first option is told as stray', () => {
  assert.equal(parseLine('/scp run now workflow:x', all).stray, 'now');
});

test('missing and unused options are known', () => {
  const parsed = parseLine('/scp run workflow:x cluster: dry:true', all);
  assert.deepEqual(missing(parsed).map(each => each.name), ['cluster']);
  assert.deepEqual(unused(parsed).map(each => each.name), ['reason', 'parallel']);
});

test('the caret finds its value', () => {
  const line = '/scp run workflow:ab cluster:cd';
  const parsed = parseLine(line, all);
  assert.equal(valueAt(parsed, line.indexOf('ab') + 1).option.name, 'workflow');
  assert.equal(valueAt(parsed, line.length).option.name, 'cluster');
  assert.equal(valueAt(parsed, 3), null);
});

test('the pieces joined are the line again', () => {
  for (const line of ['/scp run', '/scp run  workflow: x  y cluster:z ', '/sc', '/scp run stray workflow:']) {
    assert.equal(segments(parseLine(line, all)).map(each => each.text).join(''), line);
  }
});

test('values are converted by type or refused with a reason', () => {
  assert.deepEqual(tree('/scp run dry:True parallel:2').options[0].options.map(each => each.value), [true, 2]);
  assert.equal(tree('/scp run parallel:9').errors.get('parallel'), 'is above 3');
  assert.equal(tree('/scp run parallel:0').errors.get('parallel'), 'is below 1');
  assert.equal(tree('/scp run parallel:1.5').errors.get('parallel'), 'is not a whole number');
  assert.equal(tree('/scp run dry:maybe').errors.get('dry'), 'is true or false');
});

test('people are found by name, mention or id', () => {
  for (const who of ['mara', '@Mara', '<@11>', '11']) assert.equal(tree(`/scp owner to:${who}`).options[0].options[0].value, '11');
  assert.equal(tree('/scp owner to:nobody').errors.get('to'), 'is not known here');
});

test('a choice shown by its name is sent by its value', () => {
  const chosen = new Map([['workflow', [{ name: 'job 42 of mara', value: 'j42' }]]]);
  assert.equal(tree('/scp run workflow:job 42 of mara cluster:x', chosen).options[0].options[0].value, 'j42');
  assert.deepEqual(convert({ type: 3, choices: [{ name: 'A', value: 'a' }] }, 'b', null, world), { error: 'is not one of the choices' });
});

test('autocomplete sends the focused text as typed and leaves out what does not convert', () => {
  const { options } = tree('/scp run parallel:many workflow:ro', null, 'workflow');
  assert.deepEqual(options[0].options, [{ type: 3, name: 'workflow', value: 'ro', focused: true }]);
});
