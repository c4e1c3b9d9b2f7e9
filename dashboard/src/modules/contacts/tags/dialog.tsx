import { useQuery } from "@tanstack/react-query";
import { Check, Merge as Merged, Plus, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { sayProblem } from "@/i18n/problems";
import { SheetButton } from "@/modules/sheets/export";
import { Button, IconButton } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Popover } from "@/ui/popover";
import { Empty, Failed, SkeletonRows } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { tags } from "../data";
import { COLOURS, type Tag, tag as one, tagsFile, useTagChanges } from "./data";
import { TagDot } from "./dot";
import { TagRuns } from "./runs";

/** Every tag: its colour, its name, and how to be rid of it. */
export function TagsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const query = useQuery(tags);
  const exports = useMay("contacts.export");
  return (
    <Dialog open onClose={onClose} title={t("contacts.tagsTitle")} lead={t("contacts.tagsLead")}>
      <NewTag />
      <div className="-mx-5 mt-3 max-h-[50dvh] overflow-y-auto border-line border-t">
        {query.isPending ? (
          <SkeletonRows rows={4} />
        ) : query.isError && !query.data ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : query.data.length === 0 ? (
          <Empty title={t("contacts.tagsNone")}>{t("contacts.tagsNoneText")}</Empty>
        ) : (
          <ul>
            {query.data.map((each) => (
              <Row key={each.id} tag={each} all={query.data} />
            ))}
          </ul>
        )}
      </div>
      <TagRuns />
      {exports && (
        <div className="mt-3 flex justify-end">
          <SheetButton small name="tags" load={tagsFile} />
        </div>
      )}
    </Dialog>
  );
}

const reason = (error: Error, changedElsewhere: string) =>
  error instanceof ApiProblem
    ? error.status === 412
      ? changedElsewhere
      : sayProblem(error.fields[0]?.code ?? error.code, error.fields[0]?.detail ?? error.detail)
    : error.message;

function NewTag() {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [wrong, setWrong] = useState<string>();
  const { create } = useTagChanges();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim() || create.isPending) return;
    create.mutate(
      { name: name.trim() },
      {
        onSuccess: () => {
          setName("");
          setWrong(undefined);
        },
        onError: (error) => setWrong(reason(error, "")),
      },
    );
  };
  return (
    <form onSubmit={submit}>
      <div className="flex gap-2">
        <input
          aria-label={t("contacts.tagNew")}
          placeholder={t("contacts.tagNew")}
          aria-invalid={wrong ? true : undefined}
          aria-describedby={wrong ? "tag-wrong" : undefined}
          value={name}
          maxLength={60}
          dir="auto"
          onChange={(event) => setName(event.target.value)}
          className={`${inputLook} ${inputHeight} flex-1`}
        />
        <Button type="submit" icon={<Plus />} busy={create.isPending} disabled={!name.trim()}>
          {t("action.add")}
        </Button>
      </div>
      {wrong && (
        <p id="tag-wrong" role="alert" className="mt-1 text-cap text-danger-text">
          {wrong}
        </p>
      )}
    </form>
  );
}

function Row({ tag, all }: { tag: Tag; all: readonly Tag[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [name, setName] = useState(tag.name);
  const [other, setOther] = useState<Tag>();
  const { change } = useTagChanges();
  const put = (body: { name?: string; colour?: string | null }, on = tag) =>
    change.mutate(
      { tag: on, ...body },
      {
        onSuccess: (saved) => {
          setName(saved.name);
          const undo = () => put({ name: tag.name }, saved);
          say(t("action.saved"), body.name && on === tag ? { undo } : {});
        },
        onError: (error) => {
          sayError(t("error.notSaved"), reason(error, t("error.changedElsewhere")));
          setName(tag.name);
        },
      },
    );
  const rename = () => {
    const next = name.trim();
    const same = all.find(({ id, name }) => id !== tag.id && name.toLowerCase() === next.toLowerCase());
    if (!next) setName(tag.name);
    else if (same) setOther(same);
    else if (next !== tag.name) put({ name: next });
  };
  return (
    <li className="flex min-h-12 flex-wrap items-center gap-x-2 border-line border-b px-5 last:border-0">
      <Colour tag={tag} onChoose={(colour) => put({ colour })} />
      <input
        aria-label={t("contacts.tagRename", { tag: tag.name })}
        value={name}
        maxLength={60}
        dir="auto"
        onChange={(event) => setName(event.target.value)}
        onBlur={rename}
        onKeyDown={(event) => {
          if (event.key === "Enter") event.currentTarget.blur();
          if (event.key === "Escape") {
            event.stopPropagation();
            setName(tag.name);
          }
        }}
        className="h-9 min-w-0 flex-1 rounded-[8px] border border-transparent bg-transparent px-2 text-sm hover:border-line-2 focus:border-control max-md:h-11 max-md:text-[16px]"
      />
      <Remove tag={tag} />
      {tag.aliases.length > 0 && (
        <p className="min-w-0 basis-full break-words ps-12 pb-2 text-cap text-muted max-md:ps-15" dir="auto">
          {t("contacts.tagAliases", { names: formats.list(tag.aliases) })}
        </p>
      )}
      {other && (
        <Merge
          tag={tag}
          into={other}
          onClose={() => {
            setOther(undefined);
            setName(tag.name);
          }}
        />
      )}
    </li>
  );
}

/** The new name is another tag's: both become one, and how many contacts that concerns is said first. */
function Merge({ tag, into, onClose }: { tag: Tag; into: Tag; onClose: () => void }) {
  const { t } = useTranslation();
  const { data } = useQuery(one(tag.id));
  const { merge } = useTagChanges();
  const go = () =>
    merge.mutate(
      { from: data ?? tag, into: into.id },
      {
        onSuccess: () => say(t("contacts.tagMerged", { tag: tag.name, into: into.name })),
        onError: (error) => {
          sayError(t("error.notSaved"), reason(error, t("error.changedElsewhere")));
          onClose();
        },
      },
    );
  return (
    <div role="status" className="basis-full pb-3">
      <p className="text-sm">
        {!data
          ? t("state.loading")
          : data.contacts === undefined
            ? t("contacts.tagMergeMany", { tag: tag.name, into: into.name })
            : t("contacts.tagMergeText", { count: data.contacts, tag: tag.name, into: into.name })}
      </p>
      <div className="mt-2 flex gap-2">
        <Button writes size="small" icon={<Merged />} disabled={!data} busy={merge.isPending} onClick={go}>
          {t("contacts.tagMerge")}
        </Button>
        <Button size="small" look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </div>
    </div>
  );
}

function Colour({ tag, onChoose }: { tag: Tag; onChoose: (colour: string | null) => void }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const choose = (colour: string | null) => {
    setOpen(false);
    onChoose(colour);
  };
  return (
    <Popover
      label={t("contacts.tagColour", { tag: tag.name })}
      align="start"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <button
          type="button"
          aria-label={t("contacts.tagColour", { tag: tag.name })}
          className="grid size-8 place-items-center rounded-[8px] hover:bg-hover max-md:size-11"
        >
          <TagDot colour={tag.colour} />
        </button>
      }
    >
      <div className="grid grid-cols-5 gap-1 p-2">
        {[null, ...COLOURS].map((colour, index) => (
          <button
            key={colour ?? "none"}
            type="button"
            aria-pressed={(tag.colour ?? null) === colour}
            aria-label={colour ? t("contacts.colour", { number: index }) : t("contacts.colourNone")}
            onClick={() => choose(colour)}
            className="relative grid size-9 place-items-center rounded-[8px] hover:bg-hover max-md:size-11"
          >
            <TagDot colour={colour} />
            {(tag.colour ?? null) === colour && (
              <Check aria-hidden="true" className="absolute end-0.5 bottom-0.5 size-3 text-accent-text" />
            )}
          </button>
        ))}
      </div>
    </Popover>
  );
}

/** It says how many lose it before anybody does. */
function Remove({ tag }: { tag: Tag }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const { data } = useQuery({ ...one(tag.id), enabled: open });
  const { remove, create } = useTagChanges();
  const drop = () =>
    remove.mutate(data ?? tag, {
      onSuccess: () => {
        setOpen(false);
        const { name, colour, description, aliases } = tag;
        const undo = () => create.mutate({ name, colour, description });
        // What nobody carried and nothing meant can be made again.
        const again = data?.contacts === 0 && aliases.length === 0;
        say(t("contacts.tagDeleted", { tag: name }), again ? { undo } : {});
      },
      onError: (error) => sayError(t("error.notSaved"), reason(error, t("error.changedElsewhere"))),
    });
  return (
    <Popover
      label={t("contacts.tagDelete", { tag: tag.name })}
      open={open}
      onOpenChange={setOpen}
      trigger={
        <IconButton label={t("contacts.tagDelete", { tag: tag.name })} small>
          <Trash2 />
        </IconButton>
      }
    >
      <div className="w-64 p-3.5">
        <p className="mb-3 text-sm">
          {!data
            ? t("state.loading")
            : data.contacts === undefined
              ? t("contacts.tagDeleteMany")
              : t("contacts.tagDeleteText", { count: data.contacts })}
        </p>
        <Button look="danger" size="small" disabled={!data} busy={remove.isPending} onClick={drop}>
          {t("contacts.tagDeleteNow")}
        </Button>
      </div>
    </Popover>
  );
}
