import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Check, CircleOff, CloudOff, Copy, EllipsisVertical, Eye, History, Trash2, TriangleAlert } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { hasStatus } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { Button, IconButton, Ring } from "@/ui/button";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { say, sayError } from "@/ui/toast";
import { form, useFormActions } from "../data";
import { DeleteForm, useUnpublish } from "../row-menu";
import { useDraft } from "./context";
import type { Saving } from "./editor";
import { Problems } from "./problem-list";
import { usePublished } from "./published";

const Preview = lazy(async () => ({ default: (await import("./preview")).PreviewDialog }));
const Versions = lazy(async () => ({ default: (await import("./versions")).Versions }));

/** The name where it is read is where it is written. */
export function Heading({ readOnly }: { readOnly: boolean }) {
  const { t } = useTranslation();
  const { editor, doc, state } = useDraft();
  return (
    <>
      <h1 className="sr-only">{doc.name}</h1>
      <input
        aria-label={t("forms.nameLabel")}
        value={doc.name}
        maxLength={200}
        readOnly={readOnly}
        dir="auto"
        onChange={(event) => editor.apply((old) => ({ ...old, name: event.target.value }), "name")}
        aria-invalid={doc.name.trim() === "" || undefined}
        className="wide field-sizing-content h-9 min-w-16 max-w-full truncate rounded-[8px] border border-transparent bg-transparent px-2 text-[16px] font-[590] hover:border-line-2 focus:border-control aria-invalid:border-danger max-md:h-11"
      />
      <Saved saving={state.saving} />
    </>
  );
}

export function Saved({ saving }: { saving: Saving }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const look = "flex shrink-0 items-center gap-1.5 whitespace-nowrap text-[12.5px] text-muted max-sm:sr-only";
  switch (saving.kind) {
    case "saved":
      return (
        <span role="status" className={look}>
          <Check aria-hidden="true" className="size-3.5" />
          {saving.at ? t("forms.savedAt", { time: formats.time(saving.at) }) : t("action.saved")}
        </span>
      );
    case "waiting":
    case "sending":
      return (
        <span role="status" className={look}>
          <Ring />
          {t("forms.saving")}
        </span>
      );
    case "away":
      return (
        <span role="status" className={`${look} text-warning-text!`}>
          <CloudOff aria-hidden="true" className="size-3.5" />
          {t("forms.notSavedYet")}
        </span>
      );
    default:
      return (
        <span
          role="status"
          className={`${look} text-danger-text!`}
          title={saving.kind === "refused" ? saving.detail : undefined}
        >
          <TriangleAlert aria-hidden="true" className="size-3.5" />
          {t("forms.notSaved")}
        </span>
      );
  }
}

export function Tools({ writes }: { writes: boolean }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<"preview" | "versions">();
  return (
    <>
      <Problems />
      <Button icon={<Eye />} onClick={() => setShown("preview")} className="max-md:hidden">
        {t("forms.preview")}
      </Button>
      {writes && <Publish />}
      <More writes={writes} onShow={setShown} />
      <Suspense>
        {shown === "preview" && <Preview onClose={() => setShown(undefined)} />}
        {shown === "versions" && <Versions onClose={() => setShown(undefined)} writes={writes} />}
      </Suspense>
    </>
  );
}

/** Publishes what is on the canvas as the next version; what is unfinished is shown where it is. */
function Publish() {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const { editor, state, draft } = useDraft();
  const { publish } = useFormActions();
  const [busy, setBusy] = useState(false);
  const { live } = usePublished(state.form, draft);
  const go = async () => {
    setBusy(true);
    try {
      if (!(await editor.save())) return sayError(t("forms.publish"), t("forms.notSaved"));
      const { id, version } = editor.get().form;
      const made = await publish.mutateAsync({ id, version });
      await cache.fetchQuery({ ...form(id), staleTime: 0 }).then((fresh) => editor.heard(fresh));
      say(t("forms.published", { number: made.number }));
    } catch (error) {
      if (hasStatus(error, 422))
        sayError(t("forms.notPublished"), t("forms.unfinished", { count: error.fields.length }));
      else if (hasStatus(error, 412)) {
        await cache.fetchQuery({ ...form(state.form.id), staleTime: 0 }).then((fresh) => editor.heard(fresh));
        sayError(t("forms.notPublished"), t("error.changedElsewhere"));
      } else sayError(t("forms.notPublished"), error instanceof Error ? error.message : undefined);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      look="primary"
      busy={busy}
      disabled={live}
      title={live ? t("forms.liveText") : undefined}
      onClick={() => void go()}
    >
      {live ? t("forms.live") : t("forms.publish")}
    </Button>
  );
}

function More({ writes, onShow }: { writes: boolean; onShow: (what: "preview" | "versions") => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { editor, state, doc } = useDraft();
  const { duplicate } = useFormActions();
  const unpublish = useUnpublish();
  const [asking, setAsking] = useState(false);
  const { id, version } = state.form;
  const row = { id, name: doc.name, state: state.form.state, version };
  const copy = async () => {
    await editor.save();
    duplicate.mutate(id, {
      onSuccess: (made) => {
        say(t("forms.duplicated", { name: made.name }));
        void navigate({ to: "/forms/$id", params: { id: made.id } });
      },
      onError: (error) => sayError(t("forms.duplicate"), error.message),
    });
  };
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("nav.more")}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem icon={<Eye />} onClick={() => onShow("preview")}>
          {t("forms.preview")}
        </MenuItem>
        <MenuItem icon={<History />} onClick={() => onShow("versions")}>
          {t("forms.versions")}
        </MenuItem>
        {writes && (
          <>
            <MenuLine />
            <MenuItem icon={<Copy />} onClick={() => void copy()}>
              {t("forms.duplicate")}
            </MenuItem>
            {row.state === "published" && (
              <MenuItem icon={<CircleOff />} onClick={() => unpublish(row)}>
                {t("forms.unpublish")}
              </MenuItem>
            )}
            <MenuItem icon={<Trash2 />} danger onClick={() => setAsking(true)}>
              {t("forms.delete")}
            </MenuItem>
          </>
        )}
      </Menu>
      {writes && (
        <DeleteForm
          row={row}
          open={asking}
          onClose={() => setAsking(false)}
          onGone={() => void navigate({ to: "/forms" })}
        />
      )}
    </>
  );
}
