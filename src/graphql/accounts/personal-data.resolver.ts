import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { DeleteAccount } from '../../accounts/delete-account.ts';
import type { ExportPersonalData } from '../../accounts/export-personal-data.ts';
import type { DeleteGuest } from '../../guests/delete-guest.ts';
import { confirmationOf } from '../confirmation.ts';
import { type GraphQLContext, guestOf, requireSelf } from '../context.ts';
import {
  DeleteAccountInput,
  DeleteAccountPayload,
  ExportMyDataPayload,
} from './personal-data.types.ts';

export interface PersonalDataUseCases {
  readonly deleteAccount: DeleteAccount;
  readonly exportPersonalData: ExportPersonalData;
  readonly deleteGuest: DeleteGuest;
}

@Resolver()
export class PersonalDataResolver {
  private readonly useCases: PersonalDataUseCases;

  constructor(useCases: PersonalDataUseCases) {
    this.useCases = useCases;
  }

  // A mutation, for it leaves a trace and is counted.
  @Mutation(() => ExportMyDataPayload, { description: 'Everything that is kept of me.' })
  async exportMyData(@Ctx() context: GraphQLContext): Promise<ExportMyDataPayload> {
    const { id: userId, sessionId } = requireSelf(context);
    const { client } = context;
    return { data: await this.useCases.exportPersonalData({ userId, sessionId, client }) };
  }

  @Mutation(() => DeleteAccountPayload, {
    description: 'Deletes my account for good, and signs every device out.',
  })
  async deleteAccount(
    @Arg('input', () => DeleteAccountInput) { currentPassword }: DeleteAccountInput,
    @Ctx() context: GraphQLContext,
  ): Promise<DeleteAccountPayload> {
    const { client } = context;
    const locale = context.locale();
    const guest = guestOf(context);
    if (guest) await this.useCases.deleteGuest({ ...guest, client, locale });
    else {
      const confirmation = confirmationOf(context, currentPassword);
      await this.useCases.deleteAccount({ ...confirmation, locale });
    }
    // The cookie may be somebody else's, who signed in in another tab: theirs stays.
    const { id, sessionId } = requireSelf(context);
    context.refreshCookie.clearOf({ userId: id, sessionId });
    return { success: true };
  }
}
