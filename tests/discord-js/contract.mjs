// Checks the recorded REST traffic against the official OpenAPI description: bodies that were accepted, and answers that were given.
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

export async function contract(checks, human, file) {
  const description = JSON.parse(readFileSync(file, 'utf8'));
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: false });
  ajv.addSchema({ $id: 'd', ...description });
  const compiled = new Map();
  const routes = Object.entries(description.paths).map(([template, methods]) => ({
    template, methods, pattern: new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`), wild: (template.match(/\{/g) ?? []).length,
  })).sort((a, b) => a.wild - b.wild);

  const validator = pointer => {
    if (!compiled.has(pointer)) compiled.set(pointer, ajv.compile({ $ref: `d#${pointer}` }));
    return compiled.get(pointer);
  };
  const escape = text => text.replaceAll('~', '~0').replaceAll('/', '~1');
  const problem = (pointer, value) => {
    const validate = validator(pointer);
    return validate(value) ? null : `${ajv.errorsText(validate.errors.slice(0, 3))}`;
  };

  const { entries } = await human.traffic();
  const seen = new Set();
  let checked = 0;
  await checks.run('accepted bodies and answers fit the official description', async () => {
    const problems = [];
    for (const entry of entries.filter(each => each.kind === 'rest')) {
      const path = entry.path.split('?')[0].replace(/^\/api(\/v\d+)?/, '');
      const route = routes.find(each => each.pattern.test(path) && each.methods[entry.method.toLowerCase()]);
      if (!route) continue;
      const method = entry.method.toLowerCase();
      const base = `/paths/${escape(route.template)}/${method}`;
      const operation = route.methods[method];
      const responses = operation.responses;
      const status = responses[entry.status] ? String(entry.status) : entry.status >= 400 && entry.status < 500 ? '4XX' : null;
      const content = status && responses[status]?.content?.['application/json'];
      if (content && entry.reply !== null) {
        checked++;
        const wrong = problem(`${base}/responses/${status}/content/application~1json/schema`, entry.reply);
        if (wrong) problems.push(`${entry.method} ${route.template} answer ${entry.status}: ${wrong} ${JSON.stringify(entry.reply).slice(0, 600)}`);
      } else if (!status && entry.status < 400) {
        problems.push(`${entry.method} ${route.template}: status ${entry.status} is not described`);
      }
      const body = operation.requestBody?.content?.['application/json'];
      if (body && entry.status < 300 && entry.body !== null && typeof entry.body === 'object') {
        checked++;
        const wrong = problem(`${base}/requestBody/content/application~1json/schema`, entry.body);
        if (wrong) problems.push(`${entry.method} ${route.template} body: ${wrong} ${JSON.stringify(entry.body).slice(0, 600)}`);
      }
      seen.add(`${entry.method} ${route.template}`);
    }
    console.log(`     ${checked} bodies and answers of ${seen.size} routes checked`);
    if (checked < 20) throw new Error('hardly anything was recorded');
    if (problems.length > 0) throw new Error([...new Set(problems)].slice(0, 20).join('\n     '));
  });
}
