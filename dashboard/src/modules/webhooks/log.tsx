import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { ChevronDown, CircleCheck, CircleMinus, CircleX, Clock, RotateCcw } from "lucide-react";
import { type Dispatch, type SetStateAction, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { rowsOf } from "@/api/pages";
import { useMay } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button } from "@/ui/button";
import { Checkbox } from "@/ui/checkbox";
import { ExportButton } from "@/ui/export";
import { Filter } from "@/ui/filter";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Lines, type RowPlace } from "@/ui/rows";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { say, sayError } from "@/ui/toast";
import { type Delivery, deliveries, filterOf, type LogSearch, useReplay, type Webhook } from "./data";
import { Detail } from "./delivery";
import { families } from "./kinds";

type State = NonNullable<LogSearch["state"]>;
const NONE: ReadonlySet<string> = new Set();

/** Every call with what came of it; what failed can be sent again, alone or many at once. */
export function Log({ item }: { item: Webhook }) {
  const { t } = useTranslation();
  const search = useSearch({ from: "/shell/settings/webhooks/$id" });
  const navigate = useNavigate();
  const writes = useMay("messaging.webhooks.write");
  const [chosen, setChosen] = useState(NONE);
  // A line that is scrolled away and back is as it was left.
  const [opened, setOpened] = useState(NONE);
  const replay = useReplay();
  const query = useInfiniteQuery({
    ...deliveries(item.id, search),
    // A call is no event, so its end is asked for as long as one is on its way.
    refetchInterval: ({ state }) => (rowsOf(state.data).some((row) => row.state === "waiting") ? 2_000 : 15_000),
  });
  const change = (next: LogSearch) => {
    setChosen(NONE);
    void navigate({ to: "/settings/webhooks/$id", params: { id: item.id }, search: next, replace: true });
  };
  const again = (ids: readonly string[]) =>
    replay.mutate(ids, {
      onSuccess: ({ sent, failed }) => {
        say(failed > 0 ? t("webhooks.replayedSome", { sent, failed }) : t("webhooks.replayed", { count: sent }));
        setChosen(NONE);
      },
      onError: (error) => sayError(t("webhooks.replay"), error.message),
    });
  const put = (set: Dispatch<SetStateAction<ReadonlySet<string>>>, id: string, on: boolean) =>
    set((old) => {
      const next = new Set(old);
      on ? next.add(id) : next.delete(id);
      return next;
    });
  return (
    <Panel
      title={t("webhooks.log")}
      flush
      more={
        <ExportButton
          small
          name="deliveries"
          load={() => {
            const query = { filter: filterOf(item.id, search) };
            return ok(api.GET("/v1/deliveries/export", { params: { query }, parseAs: "blob" }));
          }}
        />
      }
    >
      <div className="flex flex-wrap items-center gap-2 px-[18px] pb-3 max-md:px-4">
        <Segments<State | "all">
          label={t("webhooks.state")}
          value={search.state ?? "all"}
          onChange={(state) => change({ ...search, state: state === "all" ? undefined : state })}
          options={[
            { value: "all", label: t("webhooks.all") },
            ...(["delivered", "waiting", "failed", "dropped"] as const).map((value) => ({
              value,
              label: t(`webhooks.states.${value}`),
            })),
          ]}
        />
        <Filter
          label={t("webhooks.about")}
          value={search.kind}
          choices={families.map((family) => ({ value: `${family}.`, label: t(`webhooks.families.${family}`) }))}
          onChange={(kind) => change({ ...search, kind })}
        />
        {chosen.size > 0 && (
          <Button
            writes
            size="small"
            className="ms-auto"
            icon={<RotateCcw />}
            busy={replay.isPending}
            onClick={() => again([...chosen])}
          >
            {t("webhooks.replayMany", { count: chosen.size })}
          </Button>
        )}
      </div>
      <Listed
        query={query}
        onClear={search.state || search.kind ? () => change({}) : undefined}
        empty={<Empty title={t("webhooks.logEmpty")}>{t("webhooks.logEmptyText")}</Empty>}
      >
        {(items, more) => (
          <Lines items={items} height={53} more={more} className="divide-y divide-line border-line border-t">
            {(row, place) => (
              <Row
                key={row.id}
                row={row}
                place={place}
                chosen={chosen.has(row.id)}
                onChoose={writes ? (on) => put(setChosen, row.id, on) : undefined}
                open={opened.has(row.id)}
                onOpen={(on) => put(setOpened, row.id, on)}
                onReplay={writes ? () => again([row.id]) : undefined}
                replaying={replay.isPending}
              />
            )}
          </Lines>
        )}
      </Listed>
    </Panel>
  );
}

const LOOK = {
  delivered: { icon: CircleCheck, tone: "text-success-text" },
  waiting: { icon: Clock, tone: "text-sun-text" },
  failed: { icon: CircleX, tone: "text-danger-text" },
  dropped: { icon: CircleMinus, tone: "text-muted" },
} as const;

function Row(props: {
  row: Delivery;
  place: RowPlace;
  chosen: boolean;
  onChoose?: (on: boolean) => void;
  open: boolean;
  onOpen: (on: boolean) => void;
  onReplay?: () => void;
  replaying: boolean;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const id = useId();
  const { row, onChoose, open } = props;
  const state = row.state as State;
  const { icon: Icon, tone } = LOOK[state] ?? LOOK.dropped;
  const name = `${row.kind}, ${formats.when(row.created_at)}`;
  return (
    <li {...props.place}>
      <div className="flex min-h-[52px] items-center gap-3 px-[18px] hover:bg-hover max-md:px-4">
        {onChoose && <Checkbox label={`${t("keys.select")}: ${name}`} checked={props.chosen} onChange={onChoose} />}
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => props.onOpen(!open)}
          className="flex min-h-[52px] min-w-0 flex-1 flex-wrap items-center gap-x-3 py-1.5 text-start"
        >
          <Icon aria-hidden="true" className={`size-[18px] shrink-0 ${tone}`} />
          <span className="min-w-0 flex-1 basis-40">
            <code className="block truncate font-mono text-[12.5px]" dir="ltr">
              {row.kind}
            </code>
            <span className={`block text-[12.5px] ${tone}`}>
              {t(`webhooks.states.${state}`)}
              {row.status != null && <span className="num"> · {row.status}</span>}
              {row.replay > 0 && <span className="text-muted"> · {t("webhooks.again", { count: row.replay })}</span>}
            </span>
          </span>
          <time dateTime={row.created_at} title={formats.full(row.created_at)} className="text-[12.5px] text-muted">
            {formats.when(row.created_at)}
          </time>
          <ChevronDown
            aria-hidden="true"
            className={`size-4 shrink-0 text-muted transition-transform duration-160 ${open ? "rotate-180" : ""}`}
          />
        </button>
      </div>
      <div id={id} hidden={!open}>
        {open && <Detail row={row} onReplay={props.onReplay} replaying={props.replaying} />}
      </div>
    </li>
  );
}
