import type { Message } from '../core/model.ts';
import { browser } from './browser.ts';

export interface TabChannel {
  /** @returns whether anybody can hear it */
  readonly tell: (message: Message) => boolean;
  readonly open: () => void;
  readonly close: () => void;
}

/** What the tabs of one origin tell each other (BroadcastChannel); nothing, where there is none. */
export function createTabChannel(name: string, onMessage: (message: Message) => void): TabChannel {
  let channel: BroadcastChannel | undefined;
  return {
    tell(message) {
      channel?.postMessage(message);
      return channel !== undefined;
    },
    open() {
      // Node has channels, too: there, many people's sessions may live in one process.
      if (channel || !browser.isSecureContext || !globalThis.BroadcastChannel) return;
      channel = new BroadcastChannel(name);
      channel.onmessage = ({ data }) => onMessage(data);
    },
    close() {
      channel?.close();
      channel = undefined;
    },
  };
}
