import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronRight, ListChecks, Plus, SlidersHorizontal, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useShortcuts } from "@/app/keys";
import { may, useMe, useRoom } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Chip } from "@/ui/chip";
import { ExportButton } from "@/ui/export";
import { ButtonLink, Link, PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Segments as Tabs } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { type Segment, segments, segmentsFile } from "./data";

const KINDS = ["all", "dynamic", "static"] as const;

/** Contacts gathered by conditions, or by hand. */
export function SegmentsPage() {
  const { t } = useTranslation();
  const me = useMe();
  if (me && !may(me, "segments.read")) return <Forbidden title={t("segments.title")} needs="segments.read" />;
  return <All />;
}

export function Crumbs({ name }: { name?: string }) {
  const { t } = useTranslation();
  const here = name ?? t("segments.title");
  return (
    <>
      <Link to="/contacts" className="font-[420] text-muted!">
        {t("segments.contacts")}
      </Link>
      <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
      {name !== undefined && (
        <>
          <Link to="/contacts/segments" className="font-[420] text-muted!">
            {t("segments.title")}
          </Link>
          <ChevronRight aria-hidden="true" className="size-3.5 rtl:-scale-x-100" />
        </>
      )}
      <b className="max-w-[26ch] truncate font-semibold text-ink">
        <bdi>{here}</bdi>
      </b>
    </>
  );
}

function All() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const writes = useRoom("segments.write");
  const [kind, setKind] = useState<(typeof KINDS)[number]>("all");
  const filter = kind === "all" ? [] : [`kind:eq:${kind}`];
  const query = useInfiniteQuery(segments(filter));
  const create = () => void navigate({ to: "/contacts/segments/$id", params: { id: "new" } });
  useShortcuts(writes ? [{ keys: "n", label: t("segments.create"), run: create }] : []);
  const add = writes && (
    <ButtonLink look="primary" to="/contacts/segments/$id" params={{ id: "new" }}>
      <Plus aria-hidden="true" />
      {t("segments.create")}
    </ButtonLink>
  );
  return (
    <Page title={t("segments.title")} back="/contacts" crumbs={<Crumbs />}>
      <div className="flex flex-col gap-4 px-7 pt-4 pb-8 max-md:px-4">
        <p className="max-w-[70ch] text-sm text-muted">{t("segments.lead")}</p>
        <div className="flex flex-wrap items-center gap-2">
          <Tabs
            label={t("segments.kinds")}
            value={kind}
            onChange={setKind}
            options={KINDS.map((value) => ({ value, label: t(`segments.kindOf.${value}`) }))}
          />
          <span className="flex-1" />
          <ExportButton name="segments" load={() => segmentsFile(filter)} />
          {add}
        </div>
        <Panel bare label={t("segments.title")} className="overflow-hidden">
          <Listed
            query={query}
            rows={6}
            empty={
              <Empty title={t("segments.none")} actions={add}>
                {t("segments.noneText")}
              </Empty>
            }
          >
            {(items) => (
              <ul className="divide-y divide-line">
                {items.map((item) => (
                  <Row key={item.id} item={item} />
                ))}
              </ul>
            )}
          </Listed>
        </Panel>
      </div>
    </Page>
  );
}

function Row({ item }: { item: Segment }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const Icon = item.kind === "dynamic" ? SlidersHorizontal : ListChecks;
  return (
    <li className="flex min-h-[57px] items-center gap-3 bg-surface pe-4 hover:bg-hover">
      <PlainLink
        to="/contacts/segments/$id"
        params={{ id: item.id }}
        className="flex min-h-[57px] min-w-0 flex-1 items-center gap-3 py-2 ps-[18px] max-md:ps-4"
      >
        <Icon aria-hidden="true" className="size-4 shrink-0 text-muted" />
        <span className="min-w-0 flex-1">
          <b className="block truncate text-[14px] leading-[1.35] font-[590]">
            <bdi>{item.name}</bdi>
          </b>
          <span className="block truncate text-[12.5px] text-muted">
            {[
              t(`segments.kindOf.${item.kind}`),
              item.changed_at
                ? t("segments.changed", { when: formats.when(item.changed_at) })
                : t("segments.made", { when: formats.when(item.created_at) }),
            ].join(" · ")}
          </span>
        </span>
        {item.broken.length > 0 && (
          <Chip tone="warning">
            <TriangleAlert aria-hidden="true" className="size-3.5" />
            {t("segments.broken")}
          </Chip>
        )}
        {item.building && <Chip>{t("segments.building")}</Chip>}
      </PlainLink>
      <Link
        to="/contacts"
        search={{ f: [`segment:eq:${item.id}`] }}
        className="num shrink-0 text-sm coarse:flex coarse:min-h-11 coarse:items-center"
        aria-label={t("segments.show", { count: item.members, name: item.name })}
      >
        {t("segments.people", { count: item.members })}
      </Link>
    </li>
  );
}
