import type { CodegenConfig } from '@graphql-codegen/cli';

/**
 * Typed operations for the pages and the tests, and the enums of the client kit, from the printed schema: decorated
 * classes can't be imported here.
 * `npm run codegen` prints the schema first.
 */
const config: CodegenConfig = {
  ignoreNoDocuments: false,
  generates: {
    'test/generated/': operations('src/graphql/schema.graphql', 'test/operations/*.graphql'),
    'test/generated/administration/': operations(
      'src/graphql/administration/schema.graphql',
      'test/operations/administration/*.graphql',
    ),
    'pages/generated/account/': operations(
      'src/graphql/schema.graphql',
      'pages/account/*.graphql',
      { documentMode: 'string', pureMagicComment: true },
    ),
    'pages/generated/admin/': operations(
      'src/graphql/administration/schema.graphql',
      'pages/admin/*.graphql',
      { documentMode: 'string', pureMagicComment: true },
    ),
    // The client kit names the codes and reasons of errors; it is made of no operation of ours.
    'src/client/generated/errors.ts': {
      schema: 'src/graphql/schema.graphql',
      plugins: ['typescript'],
      config: { onlyEnums: true, enumsAsTypes: true },
    },
  },
};

function operations(
  schema: string,
  documents: string,
  more: Readonly<Record<string, unknown>> = {},
): CodegenConfig['generates'][string] {
  return {
    schema,
    documents,
    preset: 'client',
    presetConfig: { fragmentMasking: false },
    config: {
      enumsAsTypes: true,
      useTypeImports: true,
      avoidOptionals: { field: true, object: true, inputValue: false },
      scalars: {
        DateTime: 'string',
        EmailAddress: 'string',
        URL: 'string',
        JSONObject: 'Record<string, unknown>',
      },
      emitLegacyCommonJSImports: false,
      importExtension: '.ts',
      strictScalars: true,
      ...more,
    },
  };
}

export default config;
