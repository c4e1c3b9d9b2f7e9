import { useQueryClient } from "@tanstack/react-query";
import { Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { ApiProblem } from "@/api/problem";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { say, sayError } from "@/ui/toast";
import { FilesBeside } from "../attachments/beside";
import { type Filled, filled, type Logged, patchOf } from "./activity-draft";
import { ActivityForm } from "./activity-form";
import { under, type Which } from "./data";
import { keep, removeLater } from "./going";

type Excerpt = Schema["ActivityExcerpt"];

const LOGGED: readonly string[] = ["call", "meeting", "email", "whatsapp", "sms"] satisfies Logged[];

function useAgain(about: Which) {
  const cache = useQueryClient();
  return async () => {
    await cache.invalidateQueries({ queryKey: under(about) });
    void cache.invalidateQueries({ queryKey: ["follow_ups"] });
  };
}

/** Changes and takes away what was logged by hand; the second can be taken back for a moment. */
export function ActivityTools({
  id,
  of,
  about,
  onEdit,
}: {
  id: string;
  of: Excerpt;
  about: Which;
  onEdit: () => void;
}) {
  const { t } = useTranslation();
  const writes = useMay("activities.write");
  const again = useAgain(about);
  if (!writes) return null;
  const drop = () => {
    removeLater(
      id,
      async (keepalive) => {
        await ok(api.DELETE("/v1/activities/{id}", { params: { path: { id } }, keepalive }));
        await again();
      },
      (error) => sayError(t("error.notSaved"), error.message),
    );
    say(t("activities.removed", { title: of.title }), { undo: () => keep(id) });
  };
  return (
    <span className="flex gap-0.5">
      {LOGGED.includes(of.kind) && (
        <IconButton writes label={t("activities.edit", { title: of.title })} small onClick={onEdit}>
          <Pencil />
        </IconButton>
      )}
      <IconButton writes label={t("activities.remove", { title: of.title })} small onClick={drop}>
        <Trash2 />
      </IconButton>
    </span>
  );
}

/** What was logged, where it stood. It is read first, so nothing newer is overwritten unseen. */
export function ActivityEditor({
  id,
  of,
  about,
  onClose,
}: {
  id: string;
  of: Excerpt;
  about: Which;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { zone } = useFormats();
  const [title, setTitle] = useState(of.title);
  const [before] = useState(() => filled(of.kind as Logged, of, zone));
  const [busy, setBusy] = useState(false);
  const again = useAgain(about);
  const save = async (filledIn: Filled) => {
    const change: Schema["ActivityPatch"] = {
      ...(title.trim() !== of.title && { title: title.trim() }),
      ...patchOf(of.kind as Logged, before, filledIn, zone),
    };
    if (Object.keys(change).length === 0) return onClose();
    setBusy(true);
    try {
      const path = { id };
      const now = await ok(api.GET("/v1/activities/{id}", { params: { path } }));
      const same =
        now.title === of.title && (now.body ?? "") === (of.body ?? "") && (now.outcome ?? "") === (of.outcome ?? "");
      if (!same) {
        await again();
        throw new ApiProblem(412, "stale", t("error.changedElsewhere"), [], undefined);
      }
      const params = { path, header: ifMatch(now.version) };
      await ok(api.PATCH("/v1/activities/{id}", { params, body: change }));
      await again();
      say(t("action.saved"));
      onClose();
    } catch (error) {
      sayError(t("error.notSaved"), (error as Error).message);
      setBusy(false);
    }
  };
  return (
    <div className="mt-2 rounded-[12px] border border-line-2 bg-surface p-2.5">
      <ActivityForm
        kind={of.kind as Logged}
        title={title}
        onTitle={setTitle}
        before={before}
        busy={busy}
        action={t("action.save")}
        beside={
          <Button look="ghost" onClick={onClose}>
            {t("action.cancel")}
          </Button>
        }
        onDone={(now) => void save(now)}
      />
      <div className="mt-2.5">
        <FilesBeside about="activity" id={id} over={false} />
      </div>
    </div>
  );
}
