import type { CheckedCode } from './check-code.ts';

/**
 * Opens with a code that was right. Only a session ends the count of what failed before: where a second
 * factor is asked for, or nothing came of it, the attempt is not counted and forgives nothing.
 */
export async function settleCode<Opened>(
  { reservation }: Pick<CheckedCode, 'reservation'>,
  open: () => Promise<Opened>,
): Promise<Opened> {
  const opened = await open().catch(async (error: unknown) => {
    await reservation.giveBack();
    throw error;
  });
  await reservation.succeed();
  return opened;
}
