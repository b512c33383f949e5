import {
  checkExample,
  examplePatience,
  tellExampleStory,
  useExample,
} from '../support/example-story.ts';

describe('examples/server-rendered', () => {
  const world = useExample('server-rendered');

  it(
    'has types that check against the packed packages, by moduleResolution bundler and node16, and builds',
    async () => {
      await checkExample(world);
      await expect(world.example().npm('run', 'build')).resolves.toContain('built in');
    },
    examplePatience,
  );

  it(
    'signs up and in, and comes signed in from the server, to whoever has the cookie alone',
    async () => {
      const page = await tellExampleStory(world);
      const email = (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
      const answer = await page.context().request.get(world.origin());
      const html = await answer.text();
      expect(html).toContain(`<h1>${email}</h1>`);
      expect(html).toContain('(here)');
      expect(html).not.toMatch(/eyJ|gtr_/);
      expect(answer.headers()['cache-control']).toBe('private, no-store');
      expect(await (await fetch(world.origin())).text()).not.toContain(email);
    },
    examplePatience,
  );
});
