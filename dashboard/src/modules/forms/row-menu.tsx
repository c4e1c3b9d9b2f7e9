import { useNavigate } from "@tanstack/react-router";
import { ChartLine, CircleCheck, CircleOff, Copy, EllipsisVertical, Inbox, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hasStatus } from "@/api/problem";
import { useMay } from "@/app/may";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { say, sayError } from "@/ui/toast";
import { useFormActions } from "./data";

export interface Named {
  id: string;
  name: string;
  state: string;
  version: number;
}

/** What can be done with a form in a list. Unpublishing can be taken back; deleting cannot, so it asks. */
export function RowMenu({ row }: { row: Named }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const writes = useMay("forms.write");
  const [asking, setAsking] = useState(false);
  const { duplicate } = useFormActions();
  const unpublish = useUnpublish();
  const { republish } = useFormActions();
  const back = () =>
    republish.mutate(row.id, {
      onSuccess: () => say(t("forms.republished", { name: row.name })),
      onError: (error) => sayError(t("forms.republish"), error.message),
    });
  const go = (to: "/forms/$id" | "/forms/$id/submissions" | "/forms/$id/analytics") => () =>
    void navigate({ to, params: { id: row.id } });
  const copy = () =>
    duplicate.mutate(row.id, {
      onSuccess: (made) => {
        say(t("forms.duplicated", { name: made.name }));
        void navigate({ to: "/forms/$id", params: { id: made.id } });
      },
      onError: (error) => sayError(t("forms.duplicate"), error.message),
    });
  return (
    <>
      <Menu
        align="end"
        trigger={
          <IconButton label={t("forms.actionsOf", { name: row.name })}>
            <EllipsisVertical />
          </IconButton>
        }
      >
        <MenuItem icon={<Pencil />} onClick={go("/forms/$id")}>
          {t("forms.open")}
        </MenuItem>
        <MenuItem icon={<Inbox />} onClick={go("/forms/$id/submissions")}>
          {t("forms.answers")}
        </MenuItem>
        <MenuItem icon={<ChartLine />} onClick={go("/forms/$id/analytics")}>
          {t("forms.analytics")}
        </MenuItem>
        {writes && (
          <>
            <MenuLine />
            <MenuItem icon={<Copy />} onClick={copy}>
              {t("forms.duplicate")}
            </MenuItem>
            {row.state === "published" && (
              <MenuItem icon={<CircleOff />} onClick={() => unpublish(row)}>
                {t("forms.unpublish")}
              </MenuItem>
            )}
            {row.state === "unpublished" && (
              <MenuItem icon={<CircleCheck />} onClick={back}>
                {t("forms.republish")}
              </MenuItem>
            )}
            <MenuItem icon={<Trash2 />} danger onClick={() => setAsking(true)}>
              {t("forms.delete")}
            </MenuItem>
          </>
        )}
      </Menu>
      {writes && <DeleteForm row={row} open={asking} onClose={() => setAsking(false)} />}
    </>
  );
}

/** Takes a form off its websites; the undo puts the same version back. */
export function useUnpublish() {
  const { t } = useTranslation();
  const { unpublish, republish } = useFormActions();
  return ({ id, name }: Pick<Named, "id" | "name">) => {
    const undo = () =>
      republish.mutate(id, {
        onSuccess: () => say(t("forms.republished", { name })),
        onError: (error) => sayError(t("forms.republish"), error.message),
      });
    unpublish.mutate(id, {
      onSuccess: () => say(t("forms.unpublished", { name }), { description: t("forms.unpublishedText"), undo }),
      onError: (error) => sayError(t("forms.unpublish"), error.message),
    });
  };
}

export function DeleteForm(props: { row: Named; open: boolean; onClose: () => void; onGone?: () => void }) {
  const { t } = useTranslation();
  const { row, open, onClose } = props;
  const { remove } = useFormActions();
  const drop = () =>
    remove.mutate(
      { id: row.id, version: row.version },
      {
        onSuccess: () => {
          onClose();
          say(t("forms.deleted", { name: row.name }));
          props.onGone?.();
        },
        onError: (error) => {
          const kept = hasStatus(error, 409) && error.code === "form_has_submissions";
          sayError(
            t("forms.notDeleted"),
            kept ? t("forms.hasAnswers") : hasStatus(error, 412) ? t("error.changedElsewhere") : error.message,
          );
          onClose();
        },
      },
    );
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t("forms.deleteTitle", { name: row.name })}
      lead={t("forms.deleteText")}
    >
      <footer className="flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button look="danger" icon={<Trash2 />} busy={remove.isPending} onClick={drop}>
          {t("forms.delete")}
        </Button>
      </footer>
    </Dialog>
  );
}
