/** Clocks that a test can set, and a page that is hidden when it says so. Imported before all else. */
let shift = { wall: 0, mono: 0 };
let isHidden = false;

const { now } = Date;
const monotonic = performance.now.bind(performance);
Date.now = () => now() + shift.wall;
performance.now = () => monotonic() + shift.mono;
const visibility = Object.getOwnPropertyDescriptor(Document.prototype, 'visibilityState');
Object.defineProperty(document, 'visibilityState', {
  get: () => (isHidden ? 'hidden' : visibility?.get?.call(document)),
});

export const simulatedPage = {
  shift(wall: number, mono = 0) {
    shift = { wall: shift.wall + wall, mono: shift.mono + mono };
  },
  hide(hidden: boolean) {
    isHidden = hidden;
    document.dispatchEvent(new Event('visibilitychange'));
  },
};
