import { ListChecks, Square, UserRound, X } from "lucide-react";
import { type ReactElement, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import type { Progress } from "./bulk";
import { Button, IconButton } from "./button";
import { Choices } from "./filter";
import { Popover } from "./popover";

/** What can be done with chosen rows, over the lower edge of their list; Escape puts it away. */
export function BulkFrame(props: {
  /** How many are chosen, in words. */
  label: string;
  /** What is said instead, while they are changed or more are being chosen. */
  said?: string | undefined;
  clear: string;
  progress: Progress | undefined;
  onClear: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { label, progress } = props;
  return (
    <section
      aria-label={label}
      // What was done is told above it.
      data-bar
      className="absolute inset-x-0 bottom-4 z-10 mx-auto flex w-fit max-w-[calc(100%-32px)] flex-col overflow-hidden rounded-[14px] border border-line-2 bg-overlay shadow-3 max-md:bottom-2 max-md:max-w-[calc(100%-16px)]"
    >
      <div className="flex items-center gap-1 overflow-x-auto py-1.5 ps-4 pe-1.5 [scrollbar-width:none] xl:pointer-fine:flex-wrap">
        <span role="status" className="num me-2 whitespace-nowrap text-sm font-[570]">
          {props.said ??
            (progress
              ? t("contacts.bulkProgress", { done: formats.count(progress.done), of: formats.count(progress.of) })
              : label)}
        </span>
        {props.children}
        <IconButton label={props.clear} disabled={progress !== undefined} onClick={props.onClear}>
          <X />
        </IconButton>
      </div>
      {progress && (
        <progress
          aria-label={label}
          value={progress.done}
          max={progress.of}
          className="bulk-progress block h-0.5 w-full"
        />
      )}
    </section>
  );
}

/** A button of it with something to choose. */
export function Picker(props: {
  label: string;
  icon: ReactElement;
  busy: boolean;
  children: (choose: (then: () => void) => void) => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <Popover
      label={props.label}
      align="center"
      open={open}
      onOpenChange={setOpen}
      trigger={
        <Button writes size="small" look="ghost" icon={props.icon} disabled={props.busy}>
          {props.label}
        </Button>
      }
    >
      {props.children((then) => {
        setOpen(false);
        then();
      })}
    </Popover>
  );
}

/** How far a change reaches: one that is at work can be stopped, and all that the list shows be chosen with one press. */
export function Reach(props: {
  stop: (() => void) | undefined;
  /** How many all are, while that is more than what is chosen. */
  all: number | undefined;
  onAll: (count: number) => void;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const { stop, all, onAll } = props;
  return (
    <>
      {stop && (
        <Button size="small" look="ghost" icon={<Square />} onClick={stop}>
          {t("contacts.runs.stop")}
        </Button>
      )}
      {all !== undefined && (
        <Button size="small" look="ghost" icon={<ListChecks />} onClick={() => onAll(all)}>
          {t("contacts.runs.selectMatching", { count: all, number: formats.count(all) })}
        </Button>
      )}
    </>
  );
}

/** Gives the chosen rows to a member, or to nobody; not there for whoever may not see the members. */
export function OwnerPicker(props: {
  label: string;
  nobody: string;
  members: ReadonlyMap<string, string>;
  busy: boolean;
  onChoose: (owner: string | null) => void;
}) {
  const { label, members } = props;
  if (members.size === 0) return null;
  const people = [...members].map(([value, name]) => ({ value, label: name }));
  return (
    <Picker label={label} icon={<UserRound />} busy={props.busy}>
      {(choose) => (
        <Choices
          label={label}
          choices={[{ value: "", label: props.nobody }, ...people]}
          onChoose={(owner) => choose(() => props.onChoose(owner || null))}
        />
      )}
    </Picker>
  );
}
