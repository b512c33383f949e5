import { GatehouseError } from 'graphql-gatehouse-client';

/** Whether somebody has to add a second factor before anything else is answered (SECOND_FACTOR). */
export function mustEnrol(problem: unknown): boolean {
  return problem instanceof GatehouseError && problem.reason === 'ENROLMENT_REQUIRED';
}
