import { DomainError } from '../../core/domain-error.ts';

/** A field that only the person may read, asked of somebody else. */
export class PrivateField extends DomainError {
  constructor() {
    super('FORBIDDEN', 'Only the person may read this.');
  }
}
