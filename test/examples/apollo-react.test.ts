import { examplePatience, tellExampleStory, useExample } from '../support/example-story.ts';

describe('examples/apollo-react', () => {
  const world = useExample('apollo-react');

  it(
    'has types that check against the packed packages, and builds',
    async () => {
      const { npm } = world.example();
      await expect(npm('run', 'check')).resolves.not.toContain('error');
      await expect(npm('run', 'build')).resolves.toContain('built in');
    },
    examplePatience,
  );

  it(
    'signs up and in, shows what needs a token and what happens meanwhile, and signs out',
    () => tellExampleStory(world),
    examplePatience,
  );
});
