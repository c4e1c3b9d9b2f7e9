import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck, CircleX, Clock, Mail as MailIcon, RotateCw } from "lucide-react";
import { lazy, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { ExportButton } from "@/ui/export";
import { Filter } from "@/ui/filter";
import { Listed } from "@/ui/listed";
import { Opened } from "@/ui/opened";
import { Own } from "@/ui/own";
import { Panel } from "@/ui/panel";
import { Lines, type RowPlace } from "@/ui/rows";
import { SearchBox } from "@/ui/search-box";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { Section } from "../settings/section";
import {
  filterOf,
  type Mail,
  mails,
  type Narrowed,
  readNarrowed,
  type State,
  TEMPLATES,
  type Template,
  useRetry,
} from "./data";

const MailDialog = lazy(async () => ({ default: (await import("./detail")).MailDialog }));

/** Mails on their way out: to members and to visitors, with what the mail server said. */
export function MailsPage() {
  const { t } = useTranslation();
  const narrowed = readNarrowed({ ...useSearch({ from: "/shell/settings/mails" }) });
  const navigate = useNavigate();
  const narrow = (search: Narrowed) => void navigate({ to: "/settings/mails", search, replace: true });
  const [seen, setSeen] = useState<string>();
  const query = useInfiniteQuery({
    ...mails(narrowed),
    refetchInterval: ({ state }) =>
      rowsOf(state.data).some((mail) => mail.state === "queued" || mail.state === "sending") ? 4_000 : false,
  });
  return (
    <Section
      id="mails"
      wide
      actions={
        <ExportButton
          name="mails"
          load={() => {
            const query = { filter: filterOf(narrowed) };
            return ok(api.GET("/v1/mails/export", { params: { query }, parseAs: "blob" }));
          }}
        />
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <Segments<State | "all">
          label={t("mails.state")}
          value={narrowed.state ?? "all"}
          onChange={(state) => narrow({ ...narrowed, state: state === "all" ? undefined : state })}
          options={[
            { value: "all", label: t("mails.all") },
            ...(["sent", "queued", "failed"] as const).map((value) => ({ value, label: t(`mails.states.${value}`) })),
          ]}
        />
        <SearchBox
          label={t("mails.search")}
          value={narrowed.q ?? ""}
          onChange={(q) => narrow({ ...narrowed, q: q || undefined })}
        />
        <Filter
          label={t("mails.about")}
          value={narrowed.template}
          choices={TEMPLATES.map((value) => ({ value, label: t(`mails.templates.${value}`) }))}
          onChange={(template) => narrow({ ...narrowed, template })}
        />
      </div>
      <Panel bare label={t("settings.sections.mails.title")}>
        <Listed
          query={query}
          onClear={Object.values(narrowed).some(Boolean) ? () => narrow({}) : undefined}
          empty={<Empty title={t("mails.emptyTitle")}>{t("mails.emptyText")}</Empty>}
        >
          {(items, more) => (
            <Lines items={items} height={58} more={more} className="divide-y divide-line">
              {(mail, place) => <Row key={mail.id} mail={mail} place={place} onOpen={() => setSeen(mail.id)} />}
            </Lines>
          )}
        </Listed>
      </Panel>
      <Opened open={seen !== undefined}>
        <MailDialog id={seen} onClose={() => setSeen(undefined)} />
      </Opened>
    </Section>
  );
}

const LOOK = {
  sent: { tone: "success", icon: CircleCheck },
  queued: { tone: "sun", icon: Clock },
  sending: { tone: "sun", icon: Clock },
  failed: { tone: "danger", icon: CircleX },
} as const;

function Row({ mail, place, onOpen }: { mail: Mail; place: RowPlace; onOpen: () => void }) {
  const { t, i18n } = useTranslation();
  const formats = useFormats();
  const may = useMay("notifications.mails.retry");
  const retry = useRetry();
  const state = mail.state as State;
  const { tone, icon: Icon } = LOOK[state] ?? LOOK.queued;
  const key = `mails.templates.${mail.template}`;
  const about = i18n.exists(key) ? t(`mails.templates.${mail.template as Template}`) : mail.template;
  const waits = state === "queued" && mail.attempts > 0;
  return (
    <li
      {...place}
      className="flex flex-wrap items-center gap-x-4 gap-y-1.5 px-[18px] py-2.5 max-md:px-4 md:min-h-[57px]"
    >
      <span
        aria-hidden="true"
        className="grid size-8 shrink-0 place-items-center rounded-control border border-line bg-sunken text-ink-2 [&_svg]:size-4"
      >
        <MailIcon />
      </span>
      <span className="min-w-0 flex-1 basis-52">
        <button
          type="button"
          onClick={onOpen}
          className="flex max-w-full text-start text-[14px] leading-[1.3] font-[590] hover:underline max-md:min-h-11 max-md:items-center"
        >
          {mail.subject ? <Own title={mail.subject}>{mail.subject}</Own> : about}
        </button>
        <span className="block truncate text-[12.5px] text-muted">
          {mail.recipient ? <bdi>{mail.recipient}</bdi> : t(state === "sent" ? "mails.erased" : "mails.notYet")}
          {mail.subject && ` · ${about}`}
        </span>
        {mail.last_error && state !== "sent" && (
          <bdi lang="en" className="block text-[12.5px] break-words text-danger-text">
            {mail.last_error}
          </bdi>
        )}
        {waits && (
          <span className="block text-[12.5px] text-muted">
            {t("mails.next", { when: formats.when(mail.next_at), count: mail.attempts })}
          </span>
        )}
      </span>
      <time
        dateTime={mail.sent_at ?? mail.created_at}
        title={formats.full(mail.sent_at ?? mail.created_at)}
        // On a phone it begins a line of its own, below the subject.
        className="text-[12.5px] text-muted max-md:ms-12"
      >
        {formats.when(mail.sent_at ?? mail.created_at)}
      </time>
      <Chip tone={tone}>
        <Icon aria-hidden="true" />
        {t(`mails.states.${state}`)}
      </Chip>
      {state === "failed" && may && (
        <Button
          writes
          size="small"
          icon={<RotateCw />}
          busy={retry.isPending}
          aria-label={`${t("mails.retry")}: ${mail.recipient ?? about}`}
          onClick={() => retry.mutate(mail.id)}
        >
          {t("mails.retry")}
        </Button>
      )}
    </li>
  );
}
