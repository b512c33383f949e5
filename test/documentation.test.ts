import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildSchema, isObjectType, parse, validate } from 'graphql';
import { variables } from '../src/config/variables.ts';
import { ErrorCodeEnum, ErrorReasonEnum } from '../src/graphql/error-extensions.type.ts';
import { statusOf } from '../src/graphql/errors.ts';
import { typeNames } from '../src/graphql/names.ts';
import { printAdministrationSchema, printPublicSchema } from '../src/graphql/print-schema.ts';

const pages = ['.', 'docs', join('docs', 'clients')].flatMap(markdownIn);
const documented = Object.entries(variables);

describe('the environment variables', () => {
  it('stand in a table, each with its default and its meaning', () => {
    const rows = documented.map(
      ([name, { fallback, meaning }]) => `| \`${name}\` | ${fallback} | ${meaning} |`,
    );
    const page = read(join('docs', 'configuration.md')).split('\n');
    expect(page.filter((line) => line.startsWith('| `'))).toEqual(rows);
  });

  it('are said in the README as in the table, those few that stand there', () => {
    const all = read(join('docs', 'configuration.md')).split('\n');
    const few = sectionOf(read('README.md'), 'In production').filter((line) =>
      line.startsWith('| `'),
    );
    expect(few.length).toBeGreaterThan(5);
    expect(few.filter((line) => !all.includes(line))).toEqual([]);
  });

  it('stand in .env.example, each with its default and its meaning', () => {
    const [, ...blocks] = read('.env.example').trimEnd().split('\n\n');
    expect(blocks).toEqual(
      documented.map(
        ([name, { fallback, meaning }]) => `# ${meaning}\n# default: ${fallback}\n#${name}=`,
      ),
    );
  });
});

describe('the names that are taken', () => {
  const schema = buildSchema(printPublicSchema());
  const rows = new Map(
    sectionOf(read(join('docs', 'gateway.md')), 'Names')
      .map((line) => /^\| (.+?) \| (`.*) \|$/.exec(line))
      .map((row) => [row?.[1], row?.[2]]),
  );
  const listed = (names: readonly string[]) =>
    [...names]
      .sort(byCodePoint)
      .map((name) => `\`${name}\``)
      .join(', ');

  it.each(['Query', 'Mutation', 'Subscription', 'User'])('are those of %s', (name) => {
    const type = schema.getType(name);
    const fields = isObjectType(type) ? Object.keys(type.getFields()) : [];
    expect(rows.get(`\`${name}\``)).toBe(listed(fields));
  });

  it('are those of all types', () => {
    expect(rows.get('types')).toBe(listed(typeNames(schema)));
  });
});

describe('the error table', () => {
  const table = read(join('docs', 'errors.md'));

  it('names every code with its HTTP status', () => {
    for (const code of Object.values(ErrorCodeEnum)) {
      expect(table).toContain(`| \`${code}\` | ${statusOf(code)} |`);
    }
  });

  it('names every reason', () => {
    for (const reason of Object.values(ErrorReasonEnum)) expect(table).toContain(`\`${reason}\``);
  });
});

it('the README is read in one go: under 200 lines', () => {
  expect(read('README.md').split('\n').length).toBeLessThan(200);
});

describe('the layout', () => {
  it('names every folder of the source', () => {
    const layout = sectionOf(read('CONTRIBUTING.md'), 'Layout').join('\n');
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.filter(({ name }) => !layout.includes(`  ${name}/`))).toEqual([]);
  });
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => name === undefined || !(name in scripts))).toEqual([]);
  });

  // Another package has that name: npx would run it, with the variables of whoever reads this.
  it('calls the command by the name of our package', () => {
    expect(text).not.toMatch(/npx (-\S+ )*gatehouse\b/);
  });

  it('shows only GraphQL that the schema accepts', () => {
    const ofAdministrators = page === join('docs', 'admin.md');
    const schema = buildSchema(
      ofAdministrators ? printAdministrationSchema() : printPublicSchema(),
    );
    const documents = [...text.matchAll(/^```graphql\n(.*?)^```/gms)].map(([, body = '']) => body);
    const problems = documents.flatMap((body) => validate(schema, parse(body)));
    expect(problems.map(({ message }) => message)).toEqual([]);
  });

  it('links only to what exists', () => {
    const targets = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const internal = targets.filter((target) => !/^(https?|mailto):/.test(target));
    expect(internal.filter((target) => !isThere(page, target))).toEqual([]);
  });
});

function read(file: string): string {
  return readFileSync(file, 'utf8');
}

function markdownIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));
}

/** The lines below a heading of the second level, up to the next one. */
function sectionOf(text: string, heading: string): readonly string[] {
  const lines = text.split('\n');
  const start = lines.indexOf(`## ${heading}`) + 1;
  if (start === 0) throw new Error(`there is no section ${heading}`);
  const end = lines.findIndex((line, index) => index > start && line.startsWith('## '));
  return lines.slice(start, end === -1 ? undefined : end);
}

function isThere(page: string, target: string): boolean {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  return existsSync(file) && (anchor === undefined || anchorsOf(read(file)).includes(anchor));
}

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
}

function byCodePoint(one: string, other: string): number {
  return one < other ? -1 : 1;
}
