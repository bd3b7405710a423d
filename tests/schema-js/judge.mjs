// node judge.mjs SCHEMA SETTINGS [--editor]: reads {"name": "text", ...} from stdin, and writes {"name": {"tagged": [...], "plain": [...], "editor": [...]}, ...}:
// what ajv says of the file with its tags kept and with its tags dropped, and what yaml-language-server would underline.
// With --offer the texts have a | in them: {"name": {"offered": [...], "hovered": "..."}, ...}.
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { convert } from './convert.mjs';
import { editor } from './editor.mjs';

const [schemaFile, settingsFile, mode] = process.argv.slice(2);
const files = JSON.parse(readFileSync(0, 'utf8'));
const server = mode ? editor(schemaFile, settingsFile) : null;

const ajv = new Ajv({ strict: true, allowUnionTypes: true });
ajv.addSchema(JSON.parse(readFileSync(schemaFile, 'utf8')), 'workflow');
const tagged = ajv.compile({ $ref: 'workflow#/definitions/tagged' });
const plain = ajv.compile({ $ref: 'workflow#' });

const byValidator = (text, keepTags, validate) => {
  try {
    return validate(convert(text, keepTags)) ? [] : validate.errors.map(e => `${e.instancePath} ${e.message}`);
  } catch (broken) {
    return [broken.message];
  }
};

const said = {};
for (const [name, text] of Object.entries(files)) {
  said[name] = mode === '--offer'
    ? { offered: await server.offered(name, text), hovered: await server.hovered(name, text) }
    : {
      tagged: byValidator(text, true, tagged),
      plain: byValidator(text, false, plain),
      editor: server ? await server.underlined(name, text) : null,
    };
}
process.stdout.write(JSON.stringify(said));
