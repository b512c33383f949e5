import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Typed operations for the tests, from the printed schema: decorated classes can't be imported here.
 * `npm run codegen` prints the schema first.
 */
const config: CodegenConfig = {
  schema: 'src/graphql/schema.graphql',
  documents: ['test/operations/**/*.graphql'],
  ignoreNoDocuments: false,
  generates: {
    'test/generated/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: {
        enumsAsTypes: true,
        useTypeImports: true,
        avoidOptionals: { field: true, object: true, inputValue: false },
        scalars: { DateTime: 'string', EmailAddress: 'string', URL: 'string' },
        emitLegacyCommonJSImports: false,
        importExtension: '.ts',
        strictScalars: true,
      },
    },
  },
};

export default config;
