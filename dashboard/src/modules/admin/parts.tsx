import { CircleAlert, CircleCheck, CircleDot, CirclePause, CircleX, Clock } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Avatar } from "@/ui/avatar";
import { Chip } from "@/ui/chip";
import { ExportButton } from "@/ui/export";
import { PlainLink } from "@/ui/link";
import { Own } from "@/ui/own";
import { Skeleton } from "@/ui/states";
import { useFormats } from "@/i18n/format";
import type { Admin } from "./api";

/** Verdict first, then the facts; what can be done about it stands at the end. */
export function Verdict({ title, text, tools }: { title: string; text?: ReactNode; tools?: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-4 px-7 pt-4 pb-4 max-md:px-4">
      <div className="min-w-0">
        <h2 className="wider text-[26px] leading-[1.2] font-[570] tracking-[-.022em] text-balance max-md:text-[24px]">
          {title}
        </h2>
        {text && <p className="mt-1 text-[14.5px] text-ink-2">{text}</p>}
      </div>
      {tools && <div className="flex flex-wrap gap-2">{tools}</div>}
    </div>
  );
}

/** In the place of a verdict that comes; on phones a sentence takes two lines. */
export const VerdictComes = ({ short }: { short?: boolean }) => (
  <div className="px-7 pt-4 pb-4 max-md:px-4">
    <Skeleton className="h-[31px] w-72" />
    <Skeleton className={`mt-2 h-[19px] w-96 max-w-full ${short ? "" : "max-md:h-[37px]"}`} />
  </div>
);

export const Filters = ({
  children,
  file,
}: {
  children: ReactNode;
  file?: { name: string; load: () => Promise<unknown> };
}) => (
  <div className="flex items-center gap-2 px-7 pt-3.5 pb-3 max-md:flex-wrap max-md:px-4">
    {children}
    {file && (
      <span className="ms-auto">
        <ExportButton {...file} />
      </span>
    )}
  </div>
);

interface Named {
  id?: string | null;
  name?: string | null;
  note?: ReactNode;
  kind?: string;
}

/** An account's name, with the way to it. */
export function Who({ id, name, note, kind }: Named) {
  const { t } = useTranslation();
  if (!id) return <span className="text-muted">{t("admin.ofPlatform")}</span>;
  const shown = name || t("admin.pool");
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar name={shown} id={id} square />
      <span className="min-w-0">
        {kind === "pool" ? (
          <span className="text-muted">{shown}</span>
        ) : (
          <PlainLink
            to="/admin/accounts/$id"
            params={{ id }}
            className="reach block min-w-0 rounded-chip font-semibold outline-offset-3 hover:underline"
          >
            <Own title={shown}>{shown}</Own>
          </PlainLink>
        )}
        {note && <span className="block truncate text-[12.5px] text-muted">{note}</span>}
      </span>
    </span>
  );
}

const STATES = {
  active: { tone: "success", icon: CircleCheck },
  read_only: { tone: "warning", icon: CirclePause },
  suspended: { tone: "danger", icon: CirclePause },
  moving: { tone: "accent", icon: CircleDot },
  restoring: { tone: "accent", icon: CircleDot },
  deleting: { tone: "danger", icon: CircleX },
  deleted: { tone: "neutral", icon: CircleX },
} as const;
export type AccountState = keyof typeof STATES;
export const ACCOUNT_STATES = Object.keys(STATES) as AccountState[];

export function StateChip({ account }: { account: Pick<Admin["Account"], "state" | "deletion_due_at"> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const state = STATES[account.state as AccountState];
  if (account.deletion_due_at && account.state !== "deleting")
    return (
      <Chip tone="danger">
        <Clock aria-hidden="true" />
        {t("admin.endsOn", { date: formats.when(account.deletion_due_at) })}
      </Chip>
    );
  const Icon = state?.icon ?? CircleAlert;
  return (
    <Chip tone={state?.tone ?? "neutral"}>
      <Icon aria-hidden="true" />
      {state ? t(`admin.state.${account.state as AccountState}`) : account.state}
    </Chip>
  );
}

export function Moment({ at, never }: { at?: string | null; never?: string }) {
  const formats = useFormats();
  if (!at) return <span className="text-muted">{never ?? "–"}</span>;
  return (
    <time dateTime={at} title={formats.full(at)} className="whitespace-nowrap">
      {formats.when(at)}
    </time>
  );
}
