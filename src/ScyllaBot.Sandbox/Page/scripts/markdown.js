// Discord's markdown, parsed into a tree. No DOM here, so `node --test` runs it. The view is rich.js.
// Nodes: {t:'text',v} {t:'strong|em|u|s|quote|h1|h2|h3|sub|li|line',c:[…]} {t:'code',v} {t:'pre',v,lang} {t:'br'}
//        {t:'user|role|channel',id} {t:'time',unix,style} {t:'link',v,url}

const MAX_LENGTH = 8_000;
const MAX_DEPTH = 8;
const PAIRS = [['***', 'strongem'], ['**', 'strong'], ['__', 'u'], ['~~', 's'], ['*', 'em'], ['_', 'em']];
const ANGLE = /<(?:(@[!&]?|#)(\d{1,20})|t:(-?\d{1,13})(?::([tTdDfFR]))?)>/y;
const LINK = /\[([^\]\n]{1,300})\]\((https?:\/\/[^\s)]{1,1000})\)/y;
const BARE = /https?:\/\/[^\s<>]{1,1000}/y;
const LINE = /^(?:(#{1,3}) +|(-#) +|(\s{0,6})[-*] +)(?=\S)/;
const LINE_KINDS = { '#': 'h1', '##': 'h2', '###': 'h3' };

/** Parses a message. Text beyond 8,000 characters is cut: Discord allows at most 4,000. */
export function parseMarkdown(text) {
  return blocks(String(text ?? '').slice(0, MAX_LENGTH).replaceAll('\r\n', '\n'), 0);
}

function blocks(text, depth) {
  const nodes = [];
  let rest = text;
  while (rest !== '') {
    const open = rest.indexOf('```');
    const close = open < 0 ? -1 : rest.indexOf('```', open + 3);
    if (close < 0) {
      lines(rest, depth, nodes);
      break;
    }
    if (open > 0) lines(rest.slice(0, open).replace(/\n$/, ''), depth, nodes);
    nodes.push(fence(rest.slice(open + 3, close)));
    rest = rest.slice(close + 3).replace(/^\n/, '');
  }
  return nodes;
}

function fence(body) {
  const match = /^([A-Za-z0-9_+-]{1,20})\n/.exec(body);
  const text = match ? body.slice(match[0].length) : body;
  return { t: 'pre', lang: match?.[1] ?? null, v: text.replace(/^\n/, '').replace(/\n$/, '') };
}

function lines(text, depth, nodes) {
  const all = text.split('\n');
  let needsBreak = false;
  for (let at = 0; at < all.length; at++) {
    const line = all[at];
    if (line.startsWith('>>> ') && depth === 0) {
      nodes.push({ t: 'quote', c: blocks([line.slice(4), ...all.slice(at + 1)].join('\n'), depth + 1) });
      return;
    }
    if (line.startsWith('> ') && depth === 0) {
      const quoted = [];
      for (; at < all.length && all[at].startsWith('> '); at++) quoted.push(all[at].slice(2));
      at--;
      nodes.push({ t: 'quote', c: blocks(quoted.join('\n'), depth + 1) });
      needsBreak = false;
      continue;
    }
    const special = LINE.exec(line);
    if (special) {
      const kind = special[1] ? LINE_KINDS[special[1]] : special[2] ? 'sub' : 'li';
      nodes.push({ t: kind, c: parseInline(line.slice(special[0].length)) });
      needsBreak = false;
      continue;
    }
    if (needsBreak) nodes.push({ t: 'br' });
    nodes.push(...parseInline(line));
    needsBreak = true;
  }
}

/** Parses one line: emphasis, code, mentions, times, links. Unclosed marks stay plain text. */
export function parseInline(text, depth = 0) {
  const nodes = [];
  let plain = '';
  const flush = () => {
    if (plain !== '') nodes.push({ t: 'text', v: plain });
    plain = '';
  };
  for (let at = 0; at < text.length;) {
    const found = depth < MAX_DEPTH ? take(text, at, depth) : null;
    if (found) {
      if (found.node.t === 'text') plain += found.node.v;
      else {
        flush();
        nodes.push(found.node);
      }
      at = found.end;
    } else {
      plain += text[at++];
    }
  }
  flush();
  return nodes;
}

function take(text, at, depth) {
  switch (text[at]) {
    case '\\': return /[\\*_~`<>[\]()#|@:-]/.test(text[at + 1] ?? '') ? { node: { t: 'text', v: text[at + 1] }, end: at + 2 } : null;
    case '`': return code(text, at);
    case '<': return angle(text, at);
    case '[': return link(text, at);
    case 'h': return bare(text, at);
    case '*': case '_': case '~': return emphasis(text, at, depth);
    default: return null;
  }
}

function code(text, at) {
  const ticks = text.startsWith('``', at) ? '``' : '`';
  const close = text.indexOf(ticks, at + ticks.length);
  if (close <= at + ticks.length - 1 || close === at + ticks.length) return null;
  const body = text.slice(at + ticks.length, close);
  return { node: { t: 'code', v: ticks === '``' ? body.trim() : body }, end: close + ticks.length };
}

function angle(text, at) {
  ANGLE.lastIndex = at;
  const match = ANGLE.exec(text);
  if (!match) return null;
  const [whole, mark, id, unix, style] = match;
  const node = unix !== undefined
    ? { t: 'time', unix: Number(unix), style: style ?? 'f' }
    : { t: mark === '#' ? 'channel' : mark === '@&' ? 'role' : 'user', id };
  return { node, end: at + whole.length };
}

function link(text, at) {
  LINK.lastIndex = at;
  const match = LINK.exec(text);
  return match ? { node: { t: 'link', v: match[1], url: match[2] }, end: at + match[0].length } : null;
}

function bare(text, at) {
  BARE.lastIndex = at;
  const match = BARE.exec(text);
  if (!match) return null;
  const url = match[0].replace(/[.,;:!?)'"\]]+$/, '');
  return { node: { t: 'link', v: url, url }, end: at + url.length };
}

function emphasis(text, at, depth) {
  for (const [mark, kind] of PAIRS) {
    if (!text.startsWith(mark, at)) continue;
    // node_names_like_this keep their underscores.
    if (mark === '_' && /\w/.test(text[at - 1] ?? '')) continue;
    const start = at + mark.length;
    const close = closing(text, start, mark);
    if (close <= start || (mark.length === 1 && /\s/.test(text[start]))) continue;
    const inner = parseInline(text.slice(start, close), depth + 1);
    const node = kind === 'strongem' ? { t: 'strong', c: [{ t: 'em', c: inner }] } : { t: kind, c: inner };
    return { node, end: close + mark.length };
  }
  return null;
}

function closing(text, from, mark) {
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 1)) {
    if (text[at - 1] === '\\') continue;
    if (mark.length === 1 && (text[at + 1] === mark || text[at - 1] === mark)) {
      // A doubled mark belongs to a bold or underlined part inside.
      while (text[at + 1] === mark) at++;
      continue;
    }
    if (mark === '_' && /\w/.test(text[at + 1] ?? '')) continue;
    return at;
  }
  return -1;
}

/** The text without any marks, for previews and accessible names. */
export function plainText(nodes) {
  return nodes.map(node => {
    if (node.v !== undefined) return node.v;
    if (node.c) return plainText(node.c) + (/^(h\d|sub|li|quote)$/.test(node.t) ? ' ' : '');
    if (node.t === 'br') return ' ';
    return node.t === 'time' ? '' : `@${node.id}`;
  }).join('');
}
