/**
 * Milliseconds that a test's own server keeps a connection that nobody uses. Node's five seconds are
 * less than a busy machine may take between two requests, and the second one then meets a closed connection.
 */
export const keepAliveTimeout = 65_000;
