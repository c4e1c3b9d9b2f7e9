import { useQuery } from "@tanstack/react-query";
import { CheckCheck, FileDown, OctagonX, Printer, Trash2, UserRound, X } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useShortcuts } from "@/app/keys";
import { useFormats } from "@/i18n/format";
import { contact } from "@/modules/contacts/data";
import { Avatar } from "@/ui/avatar";
import { Button, IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Dialog } from "@/ui/dialog";
import { Link, PlainLink } from "@/ui/link";
import { Failed, SkeletonRows } from "@/ui/states";
import { allFields, type Definition } from "../builder/model";
import { form as oneForm } from "../data";
import { type Submission, submission, useDecisions } from "./data";
import { SubmissionChip } from "./parts";

const VersionView = lazy(async () => ({ default: (await import("./version-view")).VersionView }));

interface Props {
  id: string;
  onClose?: () => void;
  onGone: () => void;
}

/** One submission: what was answered to which questions, where it comes from, and what is decided about it. */
export function Detail({ id, onClose, onGone }: Props) {
  const query = useQuery(submission(id));
  if (query.isError && !query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <SkeletonRows rows={6} tall />;
  return <Body submission={query.data} onClose={onClose} onGone={onGone} />;
}

function Body({ submission: one, onClose, onGone }: { submission: Submission } & Omit<Props, "id">) {
  const { t } = useTranslation();
  const formats = useFormats();
  const [viewing, setViewing] = useState(false);
  const { data: form } = useQuery(oneForm(one.form));
  const definition = one.definition as unknown as Definition;
  const left = Object.entries(one.history as Record<string, unknown>);
  const consents = allFields(definition).filter(({ type }) => type === "consent");
  const questions = new Map(allFields(definition).map((field) => [field.key, field]));
  const lines = one.lines.filter(({ key }) => !["file", "consent"].includes(questions.get(key)?.type ?? ""));
  return (
    <article className="flex min-h-0 flex-1 flex-col">
      <header className="flex items-start gap-3 px-[18px] pt-4 pb-3">
        <div className="min-w-0 flex-1">
          <h2 className="wide truncate text-h2 font-semibold">
            <bdi>{form?.name ?? t("forms.oneAnswer")}</bdi>
          </h2>
          <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-[12.5px] text-muted">
            <time dateTime={one.created_at}>{formats.full(one.created_at)}</time>
            <SubmissionChip state={one.state} />
          </p>
        </div>
        <span className="flex print:hidden">
          <IconButton label={t("forms.print")} onClick={() => print()}>
            <Printer />
          </IconButton>
          {onClose && (
            <IconButton label={t("action.close")} onClick={onClose}>
              <X />
            </IconButton>
          )}
        </span>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto px-[18px] pb-5 print:overflow-visible">
        {one.reasons.length > 0 && (
          <div className="mb-4 rounded-[12px] bg-sun-soft px-3.5 py-2.5 text-sm">
            <p className="font-[570]">{t(one.state === "quarantined" ? "forms.whyAside" : "forms.whyAsideThen")}</p>
            <ul className="mt-1 list-disc ps-5 text-ink-2">
              {one.reasons.map((reason) => (
                <li key={reason}>{t(`forms.reason.${reason}` as "forms.reason.rate", { defaultValue: reason })}</li>
              ))}
            </ul>
          </div>
        )}
        {one.contact && <Sender id={one.contact} />}
        <dl className="flex flex-col">
          {lines.map(({ key, label, value }) => (
            <div key={key} className="border-line border-b py-2.5 last:border-0">
              <dt className="text-[12.5px] text-muted">
                <bdi>{label}</bdi>
              </dt>
              <dd className="mt-0.5 text-[14px] break-words whitespace-pre-line">
                <bdi>{value}</bdi>
              </dd>
            </div>
          ))}
        </dl>
        {one.files.length > 0 && (
          <Part title={t("forms.files")}>
            <ul>
              {one.files.map((file) => (
                <li key={file.id}>
                  <a
                    href={file.url}
                    className="flex min-h-9 items-center gap-2 text-sm text-accent-text hover:underline coarse:min-h-11"
                    rel="noreferrer"
                    target="_blank"
                  >
                    <FileDown aria-hidden="true" className="size-4 shrink-0" />
                    <bdi className="truncate">{file.name}</bdi>
                    <span className="num ms-auto text-cap text-muted">{sizeOf(file.size, formats.locale)}</span>
                  </a>
                </li>
              ))}
            </ul>
          </Part>
        )}
        {consents.length > 0 && (
          <Part title={t("forms.consents")}>
            <ul className="flex flex-col gap-2">
              {consents.map((field) => {
                const agreed = (one.answers as Record<string, unknown>)[field.key] === true;
                return (
                  <li key={field.key} className="flex items-start gap-2 text-sm">
                    <Chip tone={agreed ? "success" : "neutral"}>{t(agreed ? "forms.agreed" : "forms.notAgreed")}</Chip>
                    <bdi className="min-w-0 break-words text-ink-2">{field.text || field.label}</bdi>
                  </li>
                );
              })}
            </ul>
          </Part>
        )}
        {left.length > 0 && (
          <Part title={t("forms.leftOut")} note={t("forms.leftOutText")}>
            <Facts facts={left.map(([key, value]) => [questions.get(key)?.label || key, text(value)])} />
          </Part>
        )}
        <Part title={t("forms.whereFrom")}>
          <Facts
            facts={[
              [t("forms.fact.page"), one.context.page, one.context.page],
              [t("forms.fact.site"), one.context.origin],
              [t("forms.fact.filled"), one.filled_ms == null ? "" : duration(one.filled_ms, formats.locale)],
              [t("forms.fact.network"), one.context.ip],
              [t("forms.fact.risk"), t("forms.fact.riskOf", { risk: one.context.risk })],
              [t("forms.fact.browser"), one.context.ua],
              ...Object.entries(one.attribution).map(([key, value]): Fact => [key, value]),
            ]}
          />
        </Part>
        <p className="mt-4 flex items-center gap-2 text-[12.5px] text-muted">
          {t("forms.underVersion", { number: one.form_version })}
          <Button size="small" look="ghost" onClick={() => setViewing(true)}>
            {t("forms.view")}
          </Button>
          <Link to="/forms/$id" params={{ id: one.form }} className="reach ms-auto">
            {t("forms.toForm")}
          </Link>
        </p>
      </div>
      <Decide one={one} onGone={onGone} />
      <Suspense>{viewing && <VersionView one={one} onClose={() => setViewing(false)} />}</Suspense>
    </article>
  );
}

function Sender({ id }: { id: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({ ...contact(id), enabled: useMay("contacts.read"), retry: false });
  const name = data?.display_name;
  return (
    <PlainLink
      to="/contacts/$id"
      params={{ id }}
      className="mb-2 flex min-h-11 items-center gap-2.5 rounded-[12px] border border-line px-3 hover:border-control hover:bg-hover"
    >
      {name ? <Avatar name={name} id={id} size="sm" /> : <UserRound aria-hidden="true" className="size-4 text-muted" />}
      <bdi className="min-w-0 truncate text-sm font-[570]">{name ?? t("forms.theContact")}</bdi>
      <span className="ms-auto text-cap text-muted">{t("forms.openContact")}</span>
    </PlainLink>
  );
}

function Part({ title, note, children }: { title: string; note?: string; children: ReactNode }) {
  return (
    <section className="mt-4 border-line border-t pt-3.5">
      <h3 className="snug text-sm font-semibold">{title}</h3>
      {note && <p className="text-cap text-muted">{note}</p>}
      <div className="mt-2">{children}</div>
    </section>
  );
}

type Fact = [name: string, value: string, href?: string];

function Facts({ facts }: { facts: readonly Fact[] }) {
  return (
    <dl>
      {facts
        .filter(([, value]) => value !== "")
        .map(([name, value, href]) => (
          <div key={name} className="flex justify-between gap-3 py-1 text-sm">
            <dt className="shrink-0 text-muted">{name}</dt>
            <dd className="min-w-0 text-end break-words">
              {href && /^https?:/.test(href) ? (
                <a
                  href={href}
                  target="_blank"
                  rel="noreferrer noopener"
                  className="reach text-accent-text hover:underline"
                >
                  <bdi>{value.replace(/^https?:\/\//, "")}</bdi>
                </a>
              ) : (
                <bdi>{value}</bdi>
              )}
            </dd>
          </div>
        ))}
    </dl>
  );
}

const text = (value: unknown): string => (Array.isArray(value) ? value.join(", ") : String(value ?? ""));

function duration(ms: number, locale: string): string {
  const [unit, n] =
    ms >= 120_000 ? (["minute", Math.round(ms / 60_000)] as const) : (["second", Math.round(ms / 1000)] as const);
  return new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "long" }).format(n);
}

function sizeOf(bytes: number, locale: string): string {
  const [unit, n] = bytes >= 1e6 ? (["megabyte", bytes / 1e6] as const) : (["kilobyte", bytes / 1e3] as const);
  return new Intl.NumberFormat(locale, { style: "unit", unit, maximumFractionDigits: 1 }).format(Math.max(0.1, n));
}

function Decide({ one, onGone }: { one: Submission; onGone: () => void }) {
  const { t } = useTranslation();
  const writes = useMay("forms.write");
  const { release, spam, remove } = useDecisions();
  const [asking, setAsking] = useState(false);
  const received = one.state === "received";
  const toSpam = () => spam.mutate(one);
  useShortcuts(
    writes
      ? [
          ...(received ? [] : [{ keys: "r", label: t("forms.release"), run: () => release.mutate(one.id) }]),
          ...(one.state === "spam" ? [] : [{ keys: "s", label: t("forms.spam"), run: toSpam }]),
        ]
      : [],
  );
  if (!writes) return null;
  return (
    <footer className="flex flex-wrap items-center gap-2 border-line border-t px-[18px] py-3 print:hidden">
      {!received && (
        <Button look="primary" icon={<CheckCheck />} busy={release.isPending} onClick={() => release.mutate(one.id)}>
          {t("forms.release")}
        </Button>
      )}
      {one.state !== "spam" && (
        <Button icon={<OctagonX />} busy={spam.isPending} onClick={toSpam}>
          {t("forms.spam")}
        </Button>
      )}
      <Button look="ghost" icon={<Trash2 />} className="ms-auto" onClick={() => setAsking(true)}>
        {t("forms.deleteAnswer")}
      </Button>
      <Dialog
        open={asking}
        onClose={() => setAsking(false)}
        title={t("forms.deleteAnswerTitle")}
        lead={t("forms.deleteAnswerText")}
      >
        <footer className="flex justify-end gap-2">
          <Button look="ghost" onClick={() => setAsking(false)}>
            {t("action.cancel")}
          </Button>
          <Button
            look="danger"
            icon={<Trash2 />}
            busy={remove.isPending}
            onClick={() =>
              remove.mutate(one.id, {
                onSuccess: () => {
                  setAsking(false);
                  onGone();
                },
              })
            }
          >
            {t("forms.deleteAnswer")}
          </Button>
        </footer>
      </Dialog>
    </footer>
  );
}
