/** Of a browser, what asks devices for passkeys (WebAuthn level 3). Old browsers lack some of it. */
interface Devices {
  readonly PublicKeyCredential?: {
    isConditionalMediationAvailable?(): Promise<boolean>;
    signalUnknownCredential?(unknown: object): Promise<void>;
  };
  readonly navigator?: {
    readonly credentials?: {
      create(options: object): Promise<DeviceCredential | null>;
      get(options: object): Promise<DeviceCredential | null>;
    };
  };
}

/** What a device gives. Password managers answer with objects of their own. */
export interface DeviceCredential {
  readonly id: string;
  readonly rawId: ArrayBuffer;
  readonly authenticatorAttachment?: string | null;
  readonly response: Readonly<Record<string, unknown>> & { getTransports?(): readonly string[] };
}

export const devices = globalThis as unknown as Devices;
