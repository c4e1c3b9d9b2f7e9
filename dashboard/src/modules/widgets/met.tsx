import { useQuery } from "@tanstack/react-query";
import { Eye, Plus, ShieldX } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Failed, SkeletonRows } from "@/ui/states";
import { type Met, sightings, useAllow, type Widget } from "./data";

type Days = "1" | "7" | "30";

/** Where visitors met the widget, live: shown, or refused because nobody allowed the website. */
export function MetWebsites({ widget }: { widget: Widget }) {
  const { t } = useTranslation();
  const [days, setDays] = useState<Days>("7");
  const query = useQuery(sightings(widget.id, Number(days)));
  const waiting = query.data?.refused.filter(({ allowed }) => !allowed) ?? [];
  const past = query.data?.refused.filter(({ allowed }) => allowed) ?? [];
  return (
    <Panel title={t("widgets.met")} flush>
      <div className="px-[18px] pb-3 max-md:px-4">
        <Segments<Days>
          label={t("widgets.period")}
          value={days}
          onChange={setDays}
          options={(["1", "7", "30"] as const).map((value) => ({
            value,
            label: t("widgets.days", { count: Number(value) }),
          }))}
        />
      </div>
      {query.data ? (
        <>
          <List
            title={t("widgets.refused")}
            none={t("widgets.refusedNone")}
            icon={<ShieldX />}
            items={waiting}
            widget={widget}
          />
          {past.length > 0 && (
            <List title={t("widgets.refusedBefore")} icon={<ShieldX />} items={past} widget={widget} />
          )}
          <List
            title={t("widgets.seenOn")}
            none={t("widgets.seenNone")}
            icon={<Eye />}
            items={query.data.seen}
            widget={widget}
            seen
          />
        </>
      ) : query.isError ? (
        <Failed error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <SkeletonRows rows={4} tall />
      )}
      <p className="border-line border-t px-[18px] py-3 text-sm max-md:px-4">
        <Link to="/settings/domains" className="reach">
          {t("widgets.domains")}
        </Link>
      </p>
    </Panel>
  );
}

function List(props: {
  title: string;
  none?: string;
  icon: React.ReactNode;
  items: readonly Met[];
  widget: Widget;
  seen?: boolean;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("tenants.widgets.write");
  const allow = useAllow();
  const { title, none, items, widget, seen } = props;
  return (
    <section aria-label={title} className="border-line border-t">
      <h3 className="flex items-center gap-2 px-[18px] pt-3 pb-1 text-h3 font-semibold max-md:px-4 [&_svg]:size-4 [&_svg]:text-muted">
        <span aria-hidden="true">{props.icon}</span>
        {title}
      </h3>
      {items.length === 0 ? (
        <p className="px-[18px] pb-3 text-sm text-muted max-md:px-4">{none}</p>
      ) : (
        <ul className="pb-1.5">
          {items.map(({ origin, count, last_at, allowed }) => (
            <li key={origin} className="flex min-h-11 items-center gap-3 px-[18px] py-1.5 max-md:px-4">
              <span className="min-w-0 flex-1">
                <code className="block truncate font-mono text-[12px]" dir="ltr" title={origin}>
                  {origin}
                </code>
                <span className="block text-[12.5px] text-muted">
                  {t("widgets.times", { count })}
                  {" · "}
                  <time dateTime={last_at} title={formats.full(last_at)}>
                    {formats.ago(last_at)}
                  </time>
                </span>
              </span>
              {seen && !allowed && <Chip tone="warning">{t("widgets.notAnyMore")}</Chip>}
              {!seen && allowed && <Chip tone="success">{t("widgets.allowedNow")}</Chip>}
              {!allowed && writes && !seen && (
                <Button
                  size="small"
                  icon={<Plus />}
                  busy={allow.isPending && allow.variables.origin === origin}
                  onClick={() => allow.mutate({ origin, widget_id: widget.id })}
                >
                  {t("widgets.allow")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
