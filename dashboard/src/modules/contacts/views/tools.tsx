import { ArrowLeft, ArrowRight, EllipsisVertical, Pencil, Pin, PinOff, RotateCcw, Save, Trash2 } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { useMay, useMe } from "@/app/may";
import { Button, IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { Opened } from "@/ui/opened";
import { say, sayError } from "@/ui/toast";
import type { Listed } from "../search";
import { moved, type SavedView, useViewChanges } from "./data";

const SaveDialog = lazy(async () => ({ default: (await import("./save-dialog")).SaveDialog }));

interface Props {
  view: SavedView | undefined;
  views: readonly SavedView[];
  /** What is listed now, and with which columns. */
  now: Listed;
  columns: string[];
  changed: boolean;
  onView: (view: string) => void;
  onDiscard: () => void;
}

/** What can be done with the view that is shown: keep its changes, throw them away, rename it, share it, move it, delete it. */
export function ViewTools(props: Props) {
  const { t } = useTranslation();
  const me = useMe();
  const writes = useMay("contacts.write");
  const { create, change, remove } = useViewChanges();
  const [asking, setAsking] = useState<"new" | "rename">();
  const { view, views, now, columns, changed } = props;
  if (!writes) return changed ? <Changed onDiscard={props.onDiscard} /> : null;
  const everybody = me?.grants["contacts.write"] === "all";
  const own = view && (view.owner === me?.user?.id || (view.shared && everybody));
  const content = {
    q: now.q || null,
    filter: now.filter,
    sort: now.sort ?? null,
    deleted: now.deleted,
    columns,
  };
  const failed = (error: Error) =>
    sayError(
      t("error.notSaved"),
      error instanceof ApiProblem && error.status === 412 ? t("error.changedElsewhere") : error.message,
    );
  const put = (body: Parameters<typeof change.mutate>[0], said: string, back?: Partial<SavedView>) =>
    change.mutate(body, {
      onSuccess: (fresh) => {
        say(said, back && { undo: () => change.mutate({ view: fresh, ...back }, { onError: failed }) });
        props.onDiscard();
      },
      onError: failed,
    });
  const save = (kept: SavedView) =>
    put({ view: kept, ...content }, t("contacts.viewSaved", { name: kept.name }), {
      q: (kept.q ?? null) as string | undefined,
      filter: kept.filter,
      sort: (kept.sort ?? null) as string | undefined,
      deleted: kept.deleted,
      columns: kept.columns,
    });
  const move = async (kept: SavedView, step: -1 | 1) => {
    try {
      for (const { id, position } of moved(views, kept.id, step)) {
        const each = views.find((other) => other.id === id);
        if (each) await change.mutateAsync({ view: each, position });
      }
    } catch (error) {
      failed(error as Error);
    }
  };
  const drop = (kept: SavedView) =>
    remove.mutate(kept, {
      onSuccess: () => {
        props.onView("all");
        const { name, shared, q, filter, sort, deleted, columns: shown, position } = kept;
        const body = { name, shared, default: kept.default, q, filter, sort, deleted, columns: shown, position };
        say(t("contacts.viewDeletedNow", { name }), {
          undo: () => create.mutate(body, { onSuccess: (made) => props.onView(made.id), onError: failed }),
        });
      },
      onError: failed,
    });
  return (
    <>
      {changed && (
        <span className="flex shrink-0 items-center gap-1.5">
          <Changed onDiscard={props.onDiscard} />
          {own && (
            <Button writes size="small" icon={<Save />} busy={change.isPending} onClick={() => save(view)}>
              {t("contacts.viewUpdate")}
            </Button>
          )}
          <Button writes size="small" look={own ? "ghost" : "secondary"} onClick={() => setAsking("new")}>
            {t("contacts.viewSaveNew")}
          </Button>
        </span>
      )}
      {own && (
        <Menu
          trigger={
            <IconButton label={t("contacts.viewMenu", { name: view.name })} small>
              <EllipsisVertical />
            </IconButton>
          }
        >
          <MenuItem writes icon={<Pencil />} onClick={() => setAsking("rename")}>
            {t("contacts.viewRename")}
          </MenuItem>
          <MenuItem
            writes
            icon={view.default ? <PinOff /> : <Pin />}
            onClick={() =>
              put(
                { view, default: !view.default },
                t(view.default ? "contacts.viewNotFirst" : "contacts.viewIsFirst", { name: view.name }),
              )
            }
          >
            {t(view.default ? "contacts.viewUnfirst" : "contacts.viewFirst")}
          </MenuItem>
          {views.length > 1 && (
            <>
              <MenuLine />
              <MenuItem
                writes
                icon={<ArrowLeft className="rtl:-scale-x-100" />}
                disabled={views[0]?.id === view.id}
                onClick={() => void move(view, -1)}
              >
                {t("contacts.viewSooner")}
              </MenuItem>
              <MenuItem
                writes
                icon={<ArrowRight className="rtl:-scale-x-100" />}
                disabled={views.at(-1)?.id === view.id}
                onClick={() => void move(view, 1)}
              >
                {t("contacts.viewLater")}
              </MenuItem>
            </>
          )}
          <MenuLine />
          <MenuItem icon={<Trash2 />} danger onClick={() => drop(view)}>
            {t("contacts.viewDelete")}
          </MenuItem>
        </Menu>
      )}
      <Opened open={asking !== undefined}>
        <SaveDialog
          open={asking === "new"}
          title={t("contacts.viewSaveNew")}
          before={{ name: "", shared: false }}
          onClose={() => setAsking(undefined)}
          onSave={async ({ name, shared }) => {
            const body = { ...content, q: now.q || undefined, sort: now.sort, name: name.trim(), shared };
            const made = await create.mutateAsync(body);
            say(t("contacts.viewSaved", { name: made.name }));
            props.onView(made.id);
          }}
        />
        {view && (
          <SaveDialog
            open={asking === "rename"}
            title={t("contacts.viewRename")}
            before={{ name: view.name, shared: view.shared }}
            onClose={() => setAsking(undefined)}
            onSave={async ({ name, shared }) => {
              await change.mutateAsync({ view, name: name.trim(), shared });
              say(t("action.saved"));
            }}
          />
        )}
      </Opened>
    </>
  );
}

/** The list is not as its view says. */
function Changed({ onDiscard }: { onDiscard: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <span role="status" className="whitespace-nowrap text-[12.5px] text-muted">
        {t("contacts.viewChanged")}
      </span>
      <Button size="small" look="ghost" icon={<RotateCcw />} onClick={onDiscard}>
        {t("contacts.viewDiscard")}
      </Button>
    </>
  );
}
