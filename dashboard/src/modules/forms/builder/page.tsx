import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useBlocker, useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Failed, Later, Skeleton } from "@/ui/states";
import { form, readForm, saveForm, type Form } from "../data";
import { Build } from "./build";
import { EditorContext, useEditor, useEditorState } from "./context";
import { Editor } from "./editor";
import { FormFrame } from "./frame";
import { Heading, Tools } from "./header";
import { forget, keep, kept } from "./kept";
import { Conflict } from "./conflict";

const Logic = lazy(async () => ({ default: (await import("./logic")).Logic }));
const Style = lazy(async () => ({ default: (await import("./style")).Style }));
const Settings = lazy(async () => ({ default: (await import("./settings")).Settings }));

export function BuilderPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { id } = useParams({ from: "/shell/forms/$id" });
  const { tab } = useSearch({ from: "/shell/forms/$id" });
  const query = useQuery(form(id));
  if (me && !may(me, "forms.read")) return <Forbidden title={t("forms.title")} needs="forms.read" />;
  if (query.data && me)
    return <Builder key={id} form={query.data} tenant={me.tenant.id} writes={may(me, "forms.write")} />;
  return (
    <FormFrame id={id} tab={tab ?? "build"} name="" canvas>
      {query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Later>
          <div role="status" aria-label={t("state.loading")} className="grid flex-1 place-items-center">
            <Skeleton className="h-[420px] w-[min(540px,90%)] rounded-panel" />
          </div>
        </Later>
      )}
    </FormFrame>
  );
}

/** One editor for as long as the form is on the screen; what the server tells by itself reaches it. */
function useOneEditor(fresh: Form, tenant: string): Editor {
  const cache = useQueryClient();
  const { id } = fresh;
  const [editor] = useState(
    () =>
      new Editor(
        fresh,
        {
          send: async (change, version) => {
            const saved = await saveForm(id, change as never, version);
            cache.setQueryData(form(id).queryKey, saved);
            void cache.invalidateQueries({ queryKey: ["forms", "list"] });
            return saved;
          },
          read: () => readForm(id),
          keep: (doc) => (doc ? keep(tenant, id, doc) : forget(tenant, id)),
        },
        kept(tenant, id),
      ),
  );
  useEffect(() => void editor.heard(fresh), [editor, fresh]);
  useEffect(() => {
    const again = () => void editor.save();
    addEventListener("online", again);
    return () => {
      removeEventListener("online", again);
      void editor.save();
    };
  }, [editor]);
  return editor;
}

function Builder({ form: fresh, tenant, writes }: { form: Form; tenant: string; writes: boolean }) {
  const editor = useOneEditor(fresh, tenant);
  const { history } = useEditorState(editor);
  const { tab } = useSearch({ from: "/shell/forms/$id" });
  useUndoKeys(editor);
  return (
    <EditorContext value={editor}>
      <FormFrame
        id={fresh.id}
        tab={tab ?? "build"}
        name={history.now.name}
        heading={<Heading readOnly={!writes} />}
        tools={<Tools writes={writes} />}
        canvas
      >
        <Conflict />
        <fieldset disabled={!writes} className="contents">
          <Suspense>
            {tab === "logic" ? <Logic /> : tab === "style" ? <Style /> : tab === "settings" ? <Settings /> : <Build />}
          </Suspense>
        </fieldset>
      </FormFrame>
      <Guard />
    </EditorContext>
  );
}

function useUndoKeys(editor: Editor): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.altKey || document.querySelector("[role=dialog][data-open]"))
        return;
      const key = event.key.toLowerCase();
      if (key !== "z" && key !== "y") return;
      event.preventDefault();
      if (key === "y" || event.shiftKey) editor.redo();
      else editor.undo();
    };
    document.addEventListener("keydown", press);
    return () => document.removeEventListener("keydown", press);
  }, [editor]);
}

/** Leaving saves first; only what could not be saved asks. */
function Guard() {
  const { t } = useTranslation();
  const editor = useEditor();
  const blocker = useBlocker({
    shouldBlockFn: async ({ current, next }) => {
      if (current.pathname === next.pathname || !editor.dirty) return false;
      return !(await editor.save());
    },
    enableBeforeUnload: () => editor.dirty,
    withResolver: true,
  });
  const stay = () => blocker.reset?.();
  return (
    <Dialog
      open={blocker.status === "blocked"}
      onClose={stay}
      title={t("forms.leaveTitle")}
      lead={t("forms.leaveText")}
    >
      <footer className="flex justify-end gap-2">
        <Button look="ghost" onClick={() => blocker.proceed?.()}>
          {t("forms.leave")}
        </Button>
        <Button look="primary" onClick={stay}>
          {t("forms.stay")}
        </Button>
      </footer>
    </Dialog>
  );
}
