import { signal } from '@preact/signals';
import { GatehouseError, type StepUpDemand } from 'graphql-gatehouse-client';
import { session } from './session.ts';

export interface AskedStepUp {
  readonly demand: StepUpDemand | undefined;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

/** What waits for somebody to show who they are. */
export const askedStepUp = signal<AskedStepUp | undefined>(undefined);

/**
 * Does something; where the server wants to be shown first who asks, the dialog is shown, and it is done
 * once more.
 *
 * Attack: one person begins, another one signs in in another tab and answers the dialog: what the first
 * one wanted is done in the name of the second. The dialog goes with the person.
 *
 * @throws what the work throws; `STEP_UP_REQUIRED` where the person closed the dialog
 */
export async function steppedUp<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GatehouseError) || error.reason !== 'STEP_UP_REQUIRED') throw error;
    await new Promise<void>((resolve, reject) => {
      const who = session.state.user?.id;
      const stop = session.subscribe(() => {
        if (session.state.user?.id !== who) cancel();
      });
      const close = () => {
        stop();
        askedStepUp.value = undefined;
      };
      const cancel = () => {
        close();
        reject(error);
      };
      askedStepUp.value = {
        demand: error.stepUp,
        onDone() {
          close();
          resolve();
        },
        onCancel: cancel,
      };
    });
    return work();
  }
}
