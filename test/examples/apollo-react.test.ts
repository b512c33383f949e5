import {
  checkExample,
  examplePatience,
  tellExampleStory,
  useExample,
} from '../support/example-story.ts';

describe('examples/apollo-react', () => {
  const world = useExample('apollo-react');

  it(
    'has types that check against the packed packages, by moduleResolution bundler and node16, and builds',
    async () => {
      await checkExample(world);
      await expect(world.example().npm('run', 'build')).resolves.toContain('built in');
    },
    examplePatience,
  );

  it(
    'signs up and in, shows what needs a token and what happens meanwhile, and signs out',
    () => tellExampleStory(world),
    examplePatience,
  );
});
