// What an editor does with a workflow: the language server of YAML, set up as docs/workflows.md says.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

const { getLanguageService, TextDocument } = createRequire(import.meta.url)('yaml-language-server');

export function editor(schemaFile, settingsFile) {
  const service = getLanguageService({
    schemaRequestService: async uri => readFileSync(new URL(uri), 'utf8'),
    workspaceContext: { resolveRelativePath: (path, base) => new URL(path, base).toString() },
  });
  const { 'yaml.customTags': customTags } = JSON.parse(readFileSync(settingsFile, 'utf8'));
  const schema = pathToFileURL(schemaFile);
  service.configure({
    validate: true, hover: true, completion: true, customTags, yamlVersion: '1.2',
    schemas: [{ fileMatch: ['*.yaml'], uri: schema.toString() }],
  });

  // Where the shipped files are: their first line names the schema from there.
  const open = (name, text) => TextDocument.create(new URL(`../workflows/${name}.yaml`, schema).toString(), 'yaml', 0, text);
  return {
    async underlined(name, text) {
      return (await service.doValidation(open(name, text), false)).map(d => `${d.range.start.line + 1}: ${d.message}`);
    },

    // What is offered at the first | of the text, and what hovering over the word before it says.
    async offered(name, marked) {
      const at = marked.indexOf('|');
      const document = open(name, marked.slice(0, at) + marked.slice(at + 1));
      const { items } = await service.doComplete(document, document.positionAt(at), false);
      return items.map(i => i.label);
    },

    async hovered(name, marked) {
      const at = marked.indexOf('|');
      const document = open(name, marked.slice(0, at) + marked.slice(at + 1));
      return (await service.doHover(document, document.positionAt(at - 1)))?.contents?.value ?? '';
    },
  };
}
