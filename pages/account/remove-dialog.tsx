import { Button } from '../kit/button.tsx';
import { Dialog } from '../kit/dialog.tsx';
import { Form } from '../kit/form.tsx';
import { kitText } from '../kit/texts.ts';

export interface RemoveDialogProps {
  readonly title: string;
  /** What comes of it. */
  readonly lead: string;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}

/** Asks whether a way to sign in is to go. */
export function RemoveDialog({ title, lead, onConfirm, onClose }: RemoveDialogProps) {
  return (
    <Dialog title={title} onClose={onClose}>
      <p>{lead}</p>
      <Form
        kind="danger"
        submit={title}
        beside={
          <Button kind="quiet" onClick={onClose}>
            {kitText('cancel')}
          </Button>
        }
        onSubmit={onConfirm}
      />
    </Dialog>
  );
}
