/** What a browser has, and Node and React Native may lack. */
interface Browser extends EventSource {
  readonly isSecureContext?: boolean;
  readonly document?: EventSource & { readonly visibilityState: string; readonly cookie: string };
  readonly location?: { readonly href: string; readonly hostname: string };
  readonly navigator?: {
    readonly locks?: {
      request(
        name: string,
        options: { readonly signal: AbortSignal },
        hold: () => Promise<void>,
      ): Promise<void>;
    };
  };
  /** Reading it throws where it is forbidden. */
  readonly localStorage?: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
    removeItem(key: string): void;
  };
  reportError?(error: unknown): void;
}

interface EventSource {
  addEventListener(
    type: string,
    listener: (event: { readonly persisted?: boolean }) => void,
    options: { readonly signal: AbortSignal },
  ): void;
}

export const browser = globalThis as unknown as Browser;
