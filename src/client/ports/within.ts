/** Work that has an end: after so many milliseconds it counts as failed, whatever comes of it. */
export function within<Result>(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<Result>,
  outer?: AbortSignal,
): Promise<Result> {
  const aborter = new AbortController();
  return new Promise((resolve, reject) => {
    const stop = (error: unknown) => {
      aborter.abort();
      reject(error);
    };
    const onAbort = () => stop(outer?.reason);
    const timer = setTimeout(
      () => stop(new Error(`Nothing in ${milliseconds / 1000} s.`)),
      milliseconds,
    );
    outer?.addEventListener('abort', onAbort);
    work(aborter.signal)
      .then(resolve, reject)
      .finally(() => {
        clearTimeout(timer);
        outer?.removeEventListener('abort', onAbort);
      });
  });
}
