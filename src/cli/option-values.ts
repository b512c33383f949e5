import { InvalidArgumentError } from 'commander';

/** A moment as an option names it. @throws InvalidArgumentError, which shows the help */
export function momentOption(text: string): Date {
  const moment = new Date(text);
  if (!/^\d{4}-\d\d-\d\d/.test(text) || Number.isNaN(moment.getTime())) {
    throw new InvalidArgumentError('It must be a moment such as 2026-01-31T12:00:00Z.');
  }
  return moment;
}

/** A whole number of 1 and more. @throws InvalidArgumentError as above */
export function countOption(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
