// YAML to JSON, both ways to do it. YAML 1.2's own rules for numbers and flags; nothing of ScyllaBot's.
import { parseDocument, isMap, isSeq, isScalar } from 'yaml';

// A tag that is kept: `!tag inputs` becomes {"!tag": inputs}, and a bare `!tag` {"!tag": null}. One that is dropped: `inputs`, and "".
export function convert(text, keepTags) {
  const document = parseDocument(text, { version: '1.2', schema: 'core', logLevel: 'silent' });
  if (document.errors.length > 0) throw new Error(document.errors[0].message);
  const value = node => {
    const tag = node?.tag?.startsWith('!') ? node.tag : null;
    const bare = tag !== null && isScalar(node) && !node.source && node.type === 'PLAIN';
    const plain = bare ? (keepTags ? null : '')
      : isMap(node) ? Object.fromEntries(node.items.map(pair => [String(pair.key?.value ?? pair.key), value(pair.value)]))
      : isSeq(node) ? node.items.map(value)
      : node?.value ?? null;
    return tag !== null && keepTags ? { [tag]: plain } : plain;
  };
  return value(document.contents);
}
