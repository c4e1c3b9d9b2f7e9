import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Asterisk, Globe, Layers2, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { rowsOf } from "@/api/pages";
import { useMay, useRoom } from "@/app/may";
import { useFormats } from "@/i18n/format";
import { Button, IconButton } from "@/ui/button";
import { ExportButton } from "@/ui/export";
import { Filter } from "@/ui/filter";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { SearchBox } from "@/ui/search-box";
import { Empty } from "@/ui/states";
import { Section } from "../settings/section";
import { widgets } from "../widgets/data";
import { AddOrigin } from "./add";
import { type Kind, KINDS, type Narrowed, type Origin, origins, originsFile, readNarrowed, useRefuse } from "./data";
import { Removal } from "./removal";

const ICON = { exact: Globe, wildcard: Asterisk, ancestor_only: Layers2 } as const;

export function DomainsPage() {
  const { t } = useTranslation();
  const writes = useRoom("tenants.widgets.write");
  const [adding, setAdding] = useState(false);
  const narrowed = readNarrowed({ ...useSearch({ from: "/shell/settings/domains" }) });
  const navigate = useNavigate();
  const narrow = (search: Narrowed) => void navigate({ to: "/settings/domains", search, replace: true });
  const query = useInfiniteQuery(origins(narrowed));
  const names = new Map(rowsOf(useInfiniteQuery(widgets({})).data).map(({ id, name }) => [id, name]));
  const add = writes && (
    <Button look="primary" icon={<Plus />} onClick={() => setAdding(true)}>
      {t("widgets.origins.add")}
    </Button>
  );
  return (
    <Section
      id="domains"
      wide
      actions={
        <>
          <ExportButton name="websites" load={() => originsFile(narrowed)} />
          {add}
        </>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <SearchBox
          label={t("widgets.origins.search")}
          value={narrowed.q ?? ""}
          onChange={(q) => narrow({ ...narrowed, q: q || undefined })}
        />
        <Filter
          label={t("widgets.origins.kind")}
          value={narrowed.kind}
          choices={KINDS.map((value) => ({ value, label: t(`widgets.origins.kinds.${value}`) }))}
          onChange={(kind) => narrow({ ...narrowed, kind: kind as Kind | undefined })}
        />
        {names.size > 0 && (
          <Filter
            label={t("widgets.widget")}
            value={narrowed.widget}
            choices={[...names].map(([value, label]) => ({ value, label }))}
            onChange={(widget) => narrow({ ...narrowed, widget })}
          />
        )}
      </div>
      <Panel bare label={t("settings.sections.domains.title")}>
        <Listed
          query={query}
          onClear={Object.values(narrowed).some(Boolean) ? () => narrow({}) : undefined}
          empty={
            <Empty title={t("widgets.origins.emptyTitle")} actions={add}>
              {t("widgets.origins.emptyText")}
            </Empty>
          }
        >
          {(items) => <Rows items={items} names={names} />}
        </Listed>
      </Panel>
      <AddOrigin open={adding} onClose={() => setAdding(false)} names={names} />
    </Section>
  );
}

function Rows({ items, names }: { items: readonly Origin[]; names: Map<string, string> }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const writes = useMay("tenants.widgets.write");
  const refuse = useRefuse();
  const [going, setGoing] = useState<Origin>();
  return (
    <>
      <ul className="divide-y divide-line">
        {items.map((item) => {
          const kind = item.kind as Kind;
          const Icon = ICON[kind] ?? Globe;
          return (
            <li key={item.id} className="flex min-h-[57px] items-center gap-3 px-[18px] py-2 max-md:px-4">
              <span
                aria-hidden="true"
                className="grid size-8 shrink-0 place-items-center rounded-control border border-line bg-sunken text-ink-2 [&_svg]:size-4"
              >
                <Icon />
              </span>
              <span className="min-w-0 flex-1">
                <code className="block truncate font-mono text-[12.5px]" dir="ltr" title={item.origin}>
                  {item.origin}
                </code>
                <span className="block text-[12.5px] text-muted">
                  {t(`widgets.origins.kinds.${kind}`)}
                  {" · "}
                  {item.widget_id
                    ? t("widgets.origins.onlyFor", { widget: names.get(item.widget_id) ?? item.widget_id })
                    : t("widgets.origins.forAll")}
                  <span className="max-sm:hidden">
                    {" · "}
                    <time dateTime={item.created_at} title={formats.full(item.created_at)}>
                      {t("widgets.origins.since", { when: formats.when(item.created_at) })}
                    </time>
                  </span>
                </span>
              </span>
              {writes && (
                <IconButton
                  label={`${t("action.remove")}: ${item.origin}`}
                  disabled={refuse.isPending && refuse.variables.id === item.id}
                  onClick={() => setGoing(item)}
                >
                  <Trash2 />
                </IconButton>
              )}
            </li>
          );
        })}
      </ul>
      {going && (
        <Removal
          origin={going}
          onClose={() => setGoing(undefined)}
          onConfirm={() => {
            refuse.mutate(going);
            setGoing(undefined);
          }}
        />
      )}
    </>
  );
}
