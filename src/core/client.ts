/** Where a request came from, as far as it can be trusted: for the devices page and the audit trail. */
export interface Client {
  readonly ip: string | null;
  readonly userAgent: string | null;
}
