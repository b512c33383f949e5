import { useEffect, useRef, useState } from 'preact/hooks';
import { announce } from '../kit/live-region.tsx';
import { Notice } from '../kit/notice.tsx';
import { type Change, ChangeDialog } from './change-dialog.tsx';

/** What a page changes: the dialog that is open, and the sentence on what was done last. */
export function useChanges() {
  const [change, setChange] = useState<Change>();
  const [done, setDone] = useState<string>();
  const [turn, setTurn] = useState(0);
  const notice = useRef<HTMLDivElement>(null);
  useEffect(() => notice.current?.scrollIntoView({ block: 'nearest' }), [turn]);
  const close = () => setChange(undefined);
  const finish = (sentence: string) => {
    close();
    setDone(sentence);
    setTurn((last) => last + 1);
    announce(sentence);
  };
  return {
    /** How often something was changed: everything is read again. */
    turn,
    begin: setChange,
    outcome: done ? (
      <Notice kind="good" at={notice}>
        {done}
      </Notice>
    ) : null,
    dialog: change ? <ChangeDialog change={change} onDone={finish} onClose={close} /> : null,
  };
}
