/**
 * An operation, with the types of its data and variables: its text; what code generators make of it
 * with `documentMode: 'string'`; or what `gql` makes, which knows its text. Of a document without one,
 * such as code generators make by default, give what `print` of `graphql` says.
 */
export type TypedDocument<Data, Variables> = (string | { toString(): string }) & {
  readonly loc?: { readonly source: { readonly body: string } } | undefined;
  readonly __apiType?: (variables: Variables) => Data;
};
