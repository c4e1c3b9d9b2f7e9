import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Button } from "@/ui/button";
import { useEditor, useEditorState } from "./context";

/** Two people changed the same thing: nobody is overwritten before somebody has chosen. */
export function Conflict() {
  const { t } = useTranslation();
  const editor = useEditor();
  const { saving } = useEditorState(editor);
  if (saving.kind !== "conflict") return null;
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 bg-warning-soft px-5 py-2.5 text-sm">
      <TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warning-text" />
      <span className="min-w-60 flex-1">{t("forms.conflict")}</span>
      <Button size="small" onClick={() => editor.resolve("theirs")}>
        {t("forms.takeTheirs")}
      </Button>
      <Button size="small" onClick={() => editor.resolve("mine")}>
        {t("forms.keepMine")}
      </Button>
    </div>
  );
}
