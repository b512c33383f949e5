import { Query, Resolver } from 'type-graphql';
import { SignInOptions } from './sign-in-options.types.ts';

export interface SignInOptionsUseCases {
  readonly describeSignIn: () => SignInOptions;
}

@Resolver()
export class SignInOptionsResolver {
  private readonly useCases: SignInOptionsUseCases;

  constructor(useCases: SignInOptionsUseCases) {
    this.useCases = useCases;
  }

  @Query(() => SignInOptions)
  signInOptions(): SignInOptions {
    return this.useCases.describeSignIn();
  }
}
