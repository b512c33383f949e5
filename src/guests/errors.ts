import { DomainError } from '../core/domain-error.ts';

export class GuestsOff extends DomainError {
  constructor() {
    super('FORBIDDEN', 'There are no guests here: register, or log in.', { reason: 'GUESTS_OFF' });
  }
}
