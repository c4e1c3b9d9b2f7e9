import { ArrowLeft, ArrowRight, EllipsisVertical, Pencil, Pin, PinOff, RotateCcw, Save, Trash2 } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { useMay, useMe } from "@/app/may";
import { Button, IconButton } from "@/ui/button";
import { Menu, MenuItem, MenuLine } from "@/ui/menu";
import { Opened } from "@/ui/opened";
import { say, sayError } from "@/ui/toast";
import { type List, moved, type SavedView, useViewChanges } from "./data";

const SaveDialog = lazy(async () => ({ default: (await import("./save-dialog")).SaveDialog }));

/** What a view says about its list. */
export type Content = Pick<SavedView, "filter" | "deleted" | "columns" | "options"> & {
  kind?: string;
  q?: string | null;
  sort?: string | null;
};

interface Props {
  list: List;
  view: SavedView | undefined;
  views: readonly SavedView[];
  /** What is listed now, and how. */
  content: Content;
  /** It is not as the view says. */
  changed: boolean;
  /** Nothing is chosen of the list: it may be kept, and there is nothing to throw away. */
  whole?: boolean;
  /** Shows a view, which may have been made this moment; all when there is none. */
  onView: (view: SavedView | undefined) => void;
  /** Shows the list as its view says; one that was just saved comes along, because what is shown knows only how it was. */
  onDiscard: (kept?: SavedView) => void;
}

/** What can be done with the view that is shown: keep its changes, throw them away, rename it, share it, move it, delete it. */
export function ViewTools(props: Props) {
  const { t } = useTranslation();
  const { list, view, views, content, changed } = props;
  const me = useMe();
  const writes = useMay(`${list}.write`);
  const { create, change, remove } = useViewChanges(list);
  const [asking, setAsking] = useState<"new" | "rename">();
  if (!writes) return changed && !props.whole ? <Changed onDiscard={() => props.onDiscard()} /> : null;
  const everybody = me?.grants[`${list}.write`] === "all";
  const own = view && (view.owner === me?.user?.id || (view.shared && everybody));
  const failed = (error: Error) =>
    sayError(
      t("error.notSaved"),
      error instanceof ApiProblem && error.status === 412 ? t("error.changedElsewhere") : error.message,
    );
  const put = (body: Parameters<typeof change.mutate>[0], said: string, back?: Partial<SavedView>) =>
    change.mutate(body, {
      onSuccess: (fresh) => {
        say(said, back && { undo: () => change.mutate({ view: fresh, ...back }, { onError: failed }) });
        // What is listed is kept now; after any other change of the view it stays as it is, kept or not.
        if (back) props.onDiscard(fresh);
      },
      onError: failed,
    });
  const save = (kept: SavedView) =>
    put({ view: kept, ...content }, t("views.saved", { name: kept.name }), {
      kind: kept.kind,
      q: (kept.q ?? null) as string | undefined,
      filter: kept.filter,
      sort: (kept.sort ?? null) as string | undefined,
      options: kept.options,
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
        props.onView(undefined);
        const { name, audience, kind, q, filter, sort, options, deleted, columns, position } = kept;
        const body = {
          name,
          audience,
          kind,
          default: kept.default,
          q,
          filter,
          sort,
          options,
          deleted,
          columns,
          position,
        };
        say(t("views.deletedNow", { name }), {
          undo: () => create.mutate(body, { onSuccess: props.onView, onError: failed }),
        });
      },
      onError: failed,
    });
  return (
    <>
      {changed && (
        <span className="flex shrink-0 items-center gap-1.5">
          {!props.whole && <Changed onDiscard={() => props.onDiscard()} />}
          {own && (
            <Button writes size="small" icon={<Save />} busy={change.isPending} onClick={() => save(view)}>
              {t("views.update")}
            </Button>
          )}
          <Button writes size="small" look={own ? "ghost" : "secondary"} onClick={() => setAsking("new")}>
            {t("views.saveNew")}
          </Button>
        </span>
      )}
      {own && (
        <Menu
          trigger={
            <IconButton label={t("views.menu", { name: view.name })} small>
              <EllipsisVertical />
            </IconButton>
          }
        >
          <MenuItem writes icon={<Pencil />} onClick={() => setAsking("rename")}>
            {t("views.rename")}
          </MenuItem>
          <MenuItem
            writes
            icon={view.default ? <PinOff /> : <Pin />}
            onClick={() =>
              put(
                { view, default: !view.default },
                t(view.default ? "views.notFirst" : "views.isFirst", { name: view.name }),
              )
            }
          >
            {t(view.default ? "views.unfirst" : "views.first")}
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
                {t("views.sooner")}
              </MenuItem>
              <MenuItem
                writes
                icon={<ArrowRight className="rtl:-scale-x-100" />}
                disabled={views.at(-1)?.id === view.id}
                onClick={() => void move(view, 1)}
              >
                {t("views.later")}
              </MenuItem>
            </>
          )}
          <MenuLine />
          <MenuItem icon={<Trash2 />} danger onClick={() => drop(view)}>
            {t("views.delete")}
          </MenuItem>
        </Menu>
      )}
      <Opened open={asking !== undefined}>
        <SaveDialog
          open={asking === "new"}
          title={t("views.saveNew")}
          before={{ name: "", audience: "private" }}
          onClose={() => setAsking(undefined)}
          onSave={async ({ name, audience }) => {
            const body = {
              ...content,
              q: content.q ?? undefined,
              sort: content.sort ?? undefined,
              name: name.trim(),
              audience,
            };
            const made = await create.mutateAsync(body);
            say(t("views.saved", { name: made.name }));
            props.onView(made);
          }}
        />
        {view && (
          <SaveDialog
            open={asking === "rename"}
            title={t("views.rename")}
            before={{ name: view.name, audience: view.audience }}
            onClose={() => setAsking(undefined)}
            onSave={async ({ name, audience }) => {
              await change.mutateAsync({ view, name: name.trim(), audience });
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
        {t("views.changed")}
      </span>
      <Button size="small" look="ghost" icon={<RotateCcw />} onClick={onDiscard}>
        {t("views.discard")}
      </Button>
    </>
  );
}
