import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface DialogProps {
  readonly title: string;
  readonly children: ComponentChildren;
  /** What the button that goes on says. Without it there is only Close. */
  readonly confirm?: string | undefined;
  /** What the button that ends it says. Default: Cancel, or Close where there is nothing to go on with. */
  readonly dismiss?: string | undefined;
  readonly busy?: boolean;
  onConfirm?(): void;
  onClose(): void;
}

/** Asks before something is changed. The browser's own dialog keeps the keyboard inside and Escape working. */
export function Dialog({ title, children, confirm, dismiss, busy, onConfirm, onClose }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    element.current?.showModal();
  }, []);
  return (
    <dialog ref={element} aria-labelledby="dialog-title" onClose={onClose}>
      <h2 id="dialog-title">{title}</h2>
      <div class="content">{children}</div>
      <div class="buttons">
        <button type="button" onClick={() => element.current?.close()}>
          {dismiss ?? (confirm ? 'Cancel' : 'Close')}
        </button>
        {confirm && (
          <button type="button" class="primary" disabled={busy} onClick={onConfirm}>
            {confirm}
          </button>
        )}
      </div>
    </dialog>
  );
}
