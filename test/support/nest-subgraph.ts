import 'reflect-metadata';
import type { RequestListener } from 'node:http';
import { ApolloServerPluginInlineTraceDisabled } from '@apollo/server/plugin/disabled';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import {
  Context,
  Directive,
  Field,
  GraphQLModule,
  ID,
  Mutation,
  ObjectType,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { federatedSchema } from '../../src/subgraph/federated-schema.ts';
import {
  apolloIdentityContext,
  expressIdentity,
  type Identity,
  type VerifyIdentity,
} from '../../src/subgraph/index.ts';

@ObjectType()
@Directive('@key(fields: "id")')
class Review {
  @Field(() => ID)
  id!: string;
}

@Resolver(() => Review)
class ReviewResolver {
  @Query(() => String)
  whoami(@Context('identity') identity: Identity): string {
    return nameOf(identity);
  }

  @Query(() => Review)
  review(): Review {
    return { id: 'r1' };
  }

  @Mutation(() => String)
  touch(@Context('identity') identity: Identity): string {
    return nameOf(identity);
  }

  @ResolveField(() => String)
  reader(@Context('identity') identity: Identity): string {
    return nameOf(identity);
  }
}

@Module({
  imports: [
    GraphQLModule.forRoot<ApolloDriverConfig>({
      driver: ApolloDriver,
      autoSchemaFile: true,
      playground: false,
      plugins: [ApolloServerPluginInlineTraceDisabled()],
      context: apolloIdentityContext,
      transformSchema: (schema) =>
        federatedSchema(schema, {
          extend: `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key"])`,
          entities: { Review: ({ id }) => ({ id }) },
        }),
    }),
  ],
  providers: [ReviewResolver],
})
class AppModule {}

/** A subgraph of NestJS, as a team would write it. */
export async function nestSubgraph(verify: VerifyIdentity): Promise<RequestListener> {
  const app = await NestFactory.create(AppModule, { logger: false });
  app.use('/graphql', expressIdentity(verify));
  await app.init();
  return app.getHttpAdapter().getInstance();
}

function nameOf(identity: Identity): string {
  return identity.kind === 'user' ? identity.userId : identity.kind;
}
