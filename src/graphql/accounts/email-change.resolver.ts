import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { ConfirmEmailChange } from '../../accounts/confirm-email-change.ts';
import type { RequestEmailChange } from '../../accounts/request-email-change.ts';
import type { UndoEmailChange } from '../../accounts/undo-email-change.ts';
import { confirmationOf } from '../confirmation.ts';
import { type GraphQLContext, selfOf } from '../context.ts';
import {
  ConfirmEmailChangeInput,
  RequestEmailChangeInput,
  UndoEmailChangeInput,
} from './email-change.inputs.ts';
import {
  ConfirmEmailChangePayload,
  RequestEmailChangePayload,
  UndoEmailChangePayload,
} from './email-change.types.ts';

export interface EmailChangeUseCases {
  readonly requestEmailChange: RequestEmailChange;
  readonly confirmEmailChange: ConfirmEmailChange;
  readonly undoEmailChange: UndoEmailChange;
}

@Resolver()
export class EmailChangeResolver {
  private readonly useCases: EmailChangeUseCases;

  constructor(useCases: EmailChangeUseCases) {
    this.useCases = useCases;
  }

  @Mutation(() => RequestEmailChangePayload, {
    description:
      'Sends a link to the new address. The answer does not tell whether anybody has it already.',
  })
  async requestEmailChange(
    @Arg('input', () => RequestEmailChangeInput) input: RequestEmailChangeInput,
    @Ctx() context: GraphQLContext,
  ): Promise<RequestEmailChangePayload> {
    const { newEmail, currentPassword } = input;
    const confirmation = confirmationOf(context, currentPassword);
    const command = { ...confirmation, newEmail, locale: context.locale() };
    await this.useCases.requestEmailChange(command);
    return { success: true };
  }

  @Mutation(() => ConfirmEmailChangePayload, {
    description:
      'Takes the new address, tells the old one, and signs all my devices out but the one that asks with its access token. Of an account of which no address was proved before, in another browser than the one that registered, it takes the password away too.',
  })
  async confirmEmailChange(
    @Arg('input', () => ConfirmEmailChangeInput) { token }: ConfirmEmailChangeInput,
    @Ctx() context: GraphQLContext,
  ): Promise<ConfirmEmailChangePayload> {
    const { registrantCookie, client, locale } = context;
    const revokedCount = await this.useCases.confirmEmailChange({
      token,
      signedIn: selfOf(context),
      isRegistrant: registrantCookie.isOf,
      client,
      locale: locale(),
    });
    return { revokedCount };
  }

  @Mutation(() => UndoEmailChangePayload, {
    description:
      'Brings the old address back, takes the password away, signs every device out, and sends a link to set a new password.',
  })
  async undoEmailChange(
    @Arg('input', () => UndoEmailChangeInput) { token }: UndoEmailChangeInput,
    @Ctx() { client, locale }: GraphQLContext,
  ): Promise<UndoEmailChangePayload> {
    await this.useCases.undoEmailChange({ token, client, locale: locale() });
    return { success: true };
  }
}
