/**
 * `npm run bench:scale`: the tables of docs/scale.md, out of what `npm run bench:cost` measured. Prints
 * them and writes them into the page.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { carriesTable, costTable, modelTable, readCosts } from '../bench/scale-model.ts';

const page = 'docs/scale.md';
const costs = readCosts();
const tables = { costs: costTable, carries: carriesTable, model: modelTable };
let text = readFileSync(page, 'utf8');
for (const [name, table] of Object.entries(tables)) {
  const marks = new RegExp(`(<!-- ${name} -->\n).*(\n<!-- end of ${name} -->)`, 's');
  text = text.replace(marks, (_, start, end) => `${start}\n${table(costs)}\n${end}`);
  process.stdout.write(`${table(costs)}\n\n`);
}
text = text.replace(/^Measured on .*?\)\.(?= )/m, `Measured on ${costs.machine}.`);
writeFileSync(page, text);
