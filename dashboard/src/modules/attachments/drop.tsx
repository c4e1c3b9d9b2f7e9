import clsx from "clsx";
import { type ReactNode, useRef, useState } from "react";

interface Props {
  /** What the place is called, and what choosing files is. */
  label: string;
  add: string;
  /** Nothing is taken. */
  off: boolean;
  onFiles: (files: File[]) => void;
  /** Draws the place with the button that lets choose files. */
  children: (choose: () => void) => ReactNode;
}

/** A place onto which files are let fall, or pasted; who cannot drag presses the button in it. */
export function FilesDrop({ label, add, off, onFiles, children }: Props) {
  const input = useRef<HTMLInputElement>(null);
  const [above, setAbove] = useState(false);
  return (
    <fieldset
      aria-label={label}
      className={clsx("min-w-0 rounded-panel", above && "outline-2 outline-accent outline-dashed")}
      onDragOver={(event) => {
        if (off || !event.dataTransfer.types.includes("Files")) return;
        event.preventDefault();
        setAbove(true);
      }}
      onDragLeave={() => setAbove(false)}
      onDrop={(event) => {
        const { files } = event.dataTransfer;
        setAbove(false);
        // Words that are dragged belong to the text they fall on.
        if (off || files.length === 0) return;
        event.preventDefault();
        onFiles([...files]);
      }}
      onPaste={(event) => {
        const { files, types } = event.clipboardData;
        // What offices copy comes as words and as a picture of them: the words are meant.
        if (off || files.length === 0 || types.includes("text/plain")) return;
        event.preventDefault();
        onFiles([...files]);
      }}
    >
      {children(() => input.current?.click())}
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={add}
        onChange={({ target }) => {
          onFiles([...(target.files ?? [])]);
          // The same file may be chosen again.
          target.value = "";
        }}
      />
    </fieldset>
  );
}
