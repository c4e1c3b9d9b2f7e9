import { createContext, useContext, useSyncExternalStore } from "react";
import type { Editor, EditorState } from "./editor";

export const EditorContext = createContext<Editor | undefined>(undefined);

export function useEditor(): Editor {
  const editor = useContext(EditorContext);
  if (!editor) throw new Error("not inside a builder");
  return editor;
}

export function useEditorState(editor: Editor): EditorState {
  return useSyncExternalStore(editor.subscribe, editor.get);
}

/** The editor and what it holds right now. */
export function useDraft() {
  const editor = useEditor();
  const state = useEditorState(editor);
  return { editor, state, doc: state.history.now, draft: state.history.now.draft, selected: state.selected };
}
