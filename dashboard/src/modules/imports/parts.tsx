import { ChevronRight } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "@/i18n/format";
import { Checkbox } from "@/ui/checkbox";
import { Chip, type Tone } from "@/ui/chip";
import { Link } from "@/ui/link";
import type { Import } from "./data";

const TONE: Record<string, Tone> = {
  running: "accent",
  checking: "accent",
  undoing: "accent",
  done: "success",
  failed: "danger",
  cancelled: "warning",
};

type State = "draft" | "checking" | "checked" | "running" | "cancelled" | "done" | "failed" | "undoing" | "undone";

export function StateChip({ item }: { item: Import }) {
  const { t } = useTranslation();
  return <Chip tone={TONE[item.state] ?? "neutral"}>{t(`imports.state.${item.state as State}`)}</Chip>;
}

export function Crumbs({ file }: { file?: string | undefined }) {
  const { t } = useTranslation();
  const step = <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />;
  return (
    <>
      <Link to="/contacts" className="font-[420] text-muted!">
        {t("contacts.title")}
      </Link>
      {step}
      {file === undefined ? (
        <b className="font-semibold text-ink">{t("imports.title")}</b>
      ) : (
        <>
          <Link to="/contacts/imports" className="font-[420] text-muted!">
            {t("imports.title")}
          </Link>
          {step}
          <b className="max-w-[30ch] truncate font-semibold text-ink">
            <bdi>{file}</bdi>
          </b>
        </>
      )}
    </>
  );
}

/** How far a running import or undo is. */
export function Progress({ item, small }: { item: Import; small?: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const undoing = item.state === "undoing";
  const total = Math.max(1, undoing ? item.created + item.updated : item.rows_total);
  const done = Math.min(total, undoing ? item.undone + item.kept : item.rows_done);
  const words = t("imports.progress", { done: formats.count(done), total: formats.count(total) });
  return (
    <span className={small ? "flex w-40 flex-col gap-1" : "flex w-full flex-col gap-2"}>
      <span
        role="progressbar"
        aria-label={t(`imports.state.${undoing ? "undoing" : "running"}`)}
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-valuetext={words}
        className="block h-1.5 overflow-hidden rounded-full bg-sunken"
      >
        <span
          className="block h-full rounded-full bg-accent transition-[width] duration-400"
          style={{ width: `${(done / total) * 100}%` }}
        />
      </span>
      <span className={small ? "text-cap text-muted" : "num text-sm text-ink-2"}>{words}</span>
    </span>
  );
}

type Figure = { label: string; value: number; tone?: "danger" | "warning" };

const BROUGHT = { company: ["companies", "people"], birthday: ["occasions"], anniversary: ["occasions"] } as const;
const COUNTS = ["companies", "people", "occasions", "blocks", "segment_members"] as const;

/** What columns bring besides contacts, and whether everybody comes into a segment. */
export const bringsOf = (item: Import) =>
  COUNTS.filter((count) =>
    count === "segment_members"
      ? item.options.segment
      : item.columns.some(({ field }) =>
          count === "blocks"
            ? field?.startsWith("opt_out")
            : field && field in BROUGHT && BROUGHT[field as keyof typeof BROUGHT].some((brings) => brings === count),
        ),
  );

/** Its figures: of what the columns bring. */
export function useBrought(item: Import, brought: Import["brought"]): Figure[] {
  const { t } = useTranslation();
  const figure = (count: (typeof COUNTS)[number] | "segment_missed"): Figure => ({
    label: t(`imports.brought.${count}`),
    value: brought[count],
  });
  const missed: Figure[] = brought.segment_missed > 0 ? [{ ...figure("segment_missed"), tone: "warning" }] : [];
  return [...bringsOf(item).map(figure), ...missed];
}

/** Said when the segment was deleted before everybody was in it. */
export function SegmentGone({ brought }: { brought: Import["brought"] }) {
  const { t } = useTranslation();
  return brought.segment_missed > 0 && <p className="text-sm text-warning-text">{t("imports.segmentGone")}</p>;
}

/** Figures in a row, each with its word. */
export function Figures({ of }: { of: Figure[] }) {
  const formats = useFormats();
  return (
    <dl className="grid grid-cols-[repeat(auto-fit,minmax(110px,1fr))] gap-x-5 gap-y-3.5">
      {of.map(({ label, value, tone }) => (
        <div key={label} className="flex flex-col-reverse">
          <dt className="text-[12.5px] text-muted">{label}</dt>
          <dd
            className={`wide num text-[22px] leading-tight font-[560] ${
              value > 0 && tone ? (tone === "danger" ? "text-danger-text" : "text-warning-text") : ""
            }`}
          >
            {formats.count(value)}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** A box to check with its words beside it. */
export function Box({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (on: boolean) => void;
}) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the box is inside
    <label className="flex min-h-8 cursor-pointer items-center gap-2.5 text-sm coarse:min-h-11">
      <Checkbox label={label} checked={checked} onChange={(on) => onChange(on)} />
      {label}
    </label>
  );
}

/** The feet of a step: back at the start, on at the end. */
export function Feet({ children }: { children: ReactNode }) {
  return <footer className="flex flex-wrap items-center justify-end gap-2">{children}</footer>;
}
