import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseInline, parseMarkdown, plainText } from '../../src/ScyllaBot.Sandbox/Page/scripts/markdown.js';

const text = v => ({ t: 'text', v });

test('bold, italic, underline and strike nest', () => {
  assert.deepEqual(parseInline('a **b *c* d** __e__ ~~f~~'), [
    text('a '), { t: 'strong', c: [text('b '), { t: 'em', c: [text('c')] }, text(' d')] },
    text(' '), { t: 'u', c: [text('e')] }, text(' '), { t: 's', c: [text('f')] },
  ]);
});

test('three stars are bold and italic', () => {
  assert.deepEqual(parseInline('***x***'), [{ t: 'strong', c: [{ t: 'em', c: [text('x')] }] }]);
});

test('italic may hold bold', () => {
  assert.deepEqual(parseInline('*a **b** c*'), [{ t: 'em', c: [text('a '), { t: 'strong', c: [text('b')] }, text(' c')] }]);
});

test('names with underscores stay whole', () => {
  assert.deepEqual(parseInline('rolling_restart and node_b_1'), [text('rolling_restart and node_b_1')]);
});

test('a mark that is never closed is text', () => {
  assert.deepEqual(parseInline('2 * 3 and **open and `open'), [text('2 * 3 and **open and `open')]);
});

test('a backslash takes a mark its meaning', () => {
  assert.deepEqual(parseInline('\\*not italic\\* \\<@1>'), [text('*not italic* <@1>')]);
});

test('code holds no other marks', () => {
  assert.deepEqual(parseInline('`**x** <@1>`'), [{ t: 'code', v: '**x** <@1>' }]);
  assert.deepEqual(parseInline('``a ` b``'), [{ t: 'code', v: 'a ` b' }]);
});

test('mentions and times are read, near misses are text', () => {
  assert.deepEqual(parseInline('<@12> <@!13> <@&14> <#15> <t:1769624940:R> <t:5>'), [
    { t: 'user', id: '12' }, text(' '), { t: 'user', id: '13' }, text(' '), { t: 'role', id: '14' }, text(' '), { t: 'channel', id: '15' },
    text(' '), { t: 'time', unix: 1769624940, style: 'R' }, text(' '), { t: 'time', unix: 5, style: 'f' },
  ]);
  assert.deepEqual(parseInline('<@x> <t:9:Z> <12> a < b'), [text('<@x> <t:9:Z> <12> a < b')]);
});

test('markup in a message is plain text', () => {
  assert.deepEqual(parseInline('<img src=x onerror=alert(1)>'), [text('<img src=x onerror=alert(1)>')]);
});

test('only http addresses become links, without the full stop behind them', () => {
  assert.deepEqual(parseInline('see https://a.example/x. ok'), [
    text('see '), { t: 'link', v: 'https://a.example/x', url: 'https://a.example/x' }, text('. ok')]);
  assert.deepEqual(parseInline('[run](https://a.example)'), [{ t: 'link', v: 'run', url: 'https://a.example' }]);
  assert.deepEqual(parseInline('[run](javascript:alert(1))'), [text('[run](javascript:alert(1))')]);
});

test('a fence keeps its text as it is', () => {
  assert.deepEqual(parseMarkdown('before\n```ansi\na **b**\n\n  c\n```\nafter'), [
    text('before'), { t: 'pre', lang: 'ansi', v: 'a **b**\n\n  c' }, text('after')]);
  assert.deepEqual(parseMarkdown('```open'), [text('```open')]);
});

test('quotes take the lines marked, or all the rest', () => {
  assert.deepEqual(parseMarkdown('> a\n> b\nc'), [{ t: 'quote', c: [text('a'), { t: 'br' }, text('b')] }, text('c')]);
  assert.deepEqual(parseMarkdown('>>> a\nb'), [{ t: 'quote', c: [text('a'), { t: 'br' }, text('b')] }]);
});

test('headings, small print and bullets start a line', () => {
  assert.deepEqual(parseMarkdown('# A\n-# b\n- c\nd'), [
    { t: 'h1', c: [text('A')] }, { t: 'sub', c: [text('b')] }, { t: 'li', c: [text('c')] }, text('d')]);
  assert.deepEqual(parseMarkdown('#1 is not a heading'), [text('#1 is not a heading')]);
});

test('empty lines stay', () => {
  assert.deepEqual(parseMarkdown('a\n\nb'), [text('a'), { t: 'br' }, { t: 'br' }, text('b')]);
});

test('no letter is lost, whatever the marks', () => {
  // A small deterministic generator: the same 3,000 texts each run.
  let seed = 7;
  const next = () => (seed = (seed * 1103515245 + 12345) % 2147483648);
  const alphabet = ['a', 'b', ' ', '*', '**', '_', '__', '~~', '`', '<', '@', '>', '[', ']', '(', ')', '<@7>'];
  const letters = value => [...value].filter(each => each === 'a' || each === 'b').join('');
  for (let round = 0; round < 3000; round++) {
    const line = Array.from({ length: next() % 24 }, () => alphabet[next() % alphabet.length]).join('');
    assert.equal(letters(plainText(parseMarkdown(`x${line}`))), letters(line), line);
  }
});

test('a hostile length ends quickly and is cut', () => {
  const nodes = parseMarkdown('*'.repeat(50_000));
  assert.ok(plainText(nodes).length <= 8_000);
  parseMarkdown('**a '.repeat(2_000));
  parseMarkdown('[a]('.repeat(2_000));
});
