import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { FilesDrop } from "@/modules/attachments/drop";

test("pictures are pasted, and of what offices copy the words", () => {
  const taken: string[] = [];
  const place = (off: boolean) => (
    <FilesDrop label="Note" add="Add" off={off} onFiles={(files) => taken.push(...files.map(({ name }) => name))}>
      {() => <textarea aria-label="Text" />}
    </FilesDrop>
  );
  const { rerender } = render(place(false));
  const text = screen.getByLabelText("Text");
  const paste = (name: string, types: string[]) =>
    // What is taken is not pasted as well.
    !fireEvent.paste(text, { clipboardData: { files: [new File(["x"], name)], types } });
  expect(paste("picture.png", ["Files"])).toBe(true);
  expect(paste("cells.png", ["text/plain", "text/html", "Files"])).toBe(false);
  fireEvent.drop(text, { dataTransfer: { files: [new File(["x"], "plan.pdf")], types: ["Files"] } });
  rerender(place(true));
  expect(paste("late.png", ["Files"])).toBe(false);
  expect(taken).toEqual(["picture.png", "plan.pdf"]);
});
