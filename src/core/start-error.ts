/**
 * Something around us keeps the start, or a command, from doing its work. The message is for the
 * operator, who can put it right; no stack of ours would help.
 */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}
