import { Command } from 'commander';
import { start } from '../start.ts';

export function startCommand(): Command {
  return new Command('start').description('start the gateway').action(start);
}
