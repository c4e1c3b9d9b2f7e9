import { useInfiniteQuery } from "@tanstack/react-query";
import { Undo2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Schema } from "@/api/client";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { SheetButton, type SheetLook } from "@/modules/sheets/export";
import { IconButton } from "@/ui/button";
import { Chip } from "@/ui/chip";
import { Filter } from "@/ui/filter";
import { PlainLink } from "@/ui/link";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Empty } from "@/ui/states";
import { sends } from "../data";
import { useGreetingChanges } from "./changes";

/** What was sent, and what was left out and why. */
export function Sent() {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("occasions.greetings.write");
  const { unmark } = useGreetingChanges();
  const [state, setState] = useState<string>();
  const filter = state ? [`state:eq:${state}`] : [];
  const query = useInfiniteQuery(sends(filter));
  const load = (look: SheetLook) =>
    api.GET("/v1/greeting-sends/export", { params: { query: { filter, ...look } }, parseAs: "blob" });
  return (
    <>
      <div className="mb-3 flex items-center gap-2">
        <Filter
          label={t("occasions.tab.sent")}
          value={state}
          choices={(["sent", "skipped"] as const).map((value) => ({ value, label: t(`occasions.sentState.${value}`) }))}
          onChange={setState}
        />
        <span className="flex-1" />
        <SheetButton name="greetings" load={load} />
      </div>
      <Panel label={t("occasions.tab.sent")} bare>
        <Listed<Schema["GreetingSend"]>
          query={query}
          onClear={state ? () => setState(undefined) : undefined}
          empty={<Empty title={t("occasions.noSentTitle")}>{t("occasions.noSentText")}</Empty>}
        >
          {(items) => (
            <ul>
              {items.map((one) => (
                <li
                  key={one.id}
                  className="flex min-h-11 items-center gap-3 border-line px-4 text-sm not-first:border-t md:px-[18px]"
                >
                  <PlainLink
                    to="/contacts/$id"
                    params={{ id: one.contact }}
                    className="flex min-h-11 min-w-0 flex-1 items-center hover:underline"
                  >
                    <bdi className="truncate">{one.contact_name ?? one.contact}</bdi>
                  </PlainLink>
                  <span className="min-w-0 truncate text-muted max-md:hidden">{one.greeting_name}</span>
                  {one.reason ? (
                    <Chip tone="warning">{t(`occasions.reason.${one.reason}` as "occasions.reason.lost")}</Chip>
                  ) : (
                    <Chip tone="success">{t(one.done_by ? "occasions.byHand" : "occasions.sentState.sent")}</Chip>
                  )}
                  {writes && one.done_by && (
                    <IconButton
                      small
                      writes
                      label={t("occasions.unmarkOne", { name: one.contact_name ?? "" })}
                      disabled={unmark.isPending}
                      onClick={() => unmark.mutate(one)}
                    >
                      <Undo2 className="rtl:-scale-x-100" />
                    </IconButton>
                  )}
                  <time dateTime={one.created_at} className="num w-28 shrink-0 text-end text-cap text-muted">
                    {formats.when(one.created_at)}
                  </time>
                </li>
              ))}
            </ul>
          )}
        </Listed>
      </Panel>
    </>
  );
}
