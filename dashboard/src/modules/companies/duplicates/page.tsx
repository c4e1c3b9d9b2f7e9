import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { may, useMay, useMe } from "@/app/may";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Listed } from "@/ui/listed";
import { Panel } from "@/ui/panel";
import { Segments } from "@/ui/segments";
import { Empty } from "@/ui/states";
import { say } from "@/ui/toast";
import { readView, VIEWS } from "../../duplicates/address";
import { PairRow, Past } from "../../duplicates/lists";
import { Crumbs, EditsKept } from "../../duplicates/parts";
import { bare } from "../parts";
import { merges, type Pair, pairs, useDecide, useUndo } from "./data";

type Reason = "tax_id" | "email" | "phone" | "website" | "name";

export function DuplicatesPage() {
  const { t } = useTranslation();
  const me = useMe();
  const view = readView({ ...useSearch({ from: "/shell/companies/duplicates" }) });
  const navigate = useNavigate();
  if (me && !may(me, "companies.read")) return <Forbidden title={t("duplicates.title")} needs="companies.read" />;
  return (
    <Page title={t("duplicates.title")} back="/companies" crumbs={<Crumbs kind="companies" />}>
      <div className="mx-auto flex max-w-[960px] flex-col gap-4 px-7 pt-4 pb-10 max-md:px-4">
        <Segments
          label={t("duplicates.views")}
          value={view}
          onChange={(next) => {
            const search = { view: next === "open" ? undefined : next };
            void navigate({ to: "/companies/duplicates", search, replace: true });
          }}
          options={VIEWS.map((value) => ({ value, label: t(`duplicates.${value}`) }))}
        />
        {view === "history" ? <History /> : <Pairs key={view} state={view} />}
      </div>
    </Page>
  );
}

function Pairs({ state }: { state: "open" | "dismissed" }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(pairs(state));
  const empty =
    state === "open" ? (
      <Empty title={t("duplicates.empty")}>{t("companies.merging.emptyText")}</Empty>
    ) : (
      <Empty title={t("duplicates.emptyDismissed")} />
    );
  return (
    <Panel label={t(`duplicates.${state}`)} bare flush>
      <Listed query={query} empty={empty}>
        {(items) => (
          <ul className="divide-y divide-line">
            {items.map((pair) => (
              <Row key={pair.id} pair={pair} />
            ))}
          </ul>
        )}
      </Listed>
    </Panel>
  );
}

function Row({ pair }: { pair: Pair }) {
  const { t } = useTranslation();
  const writes = useMay("companies.write");
  const decide = useDecide();
  const open = pair.state === "open";
  const turn = () =>
    decide.mutate(
      { pair, state: open ? "dismissed" : "open" },
      {
        onSuccess: (fresh) =>
          open && say(t("duplicates.noneSaid"), { undo: () => decide.mutate({ pair: fresh, state: "open" }) }),
      },
    );
  const side = ({ company, name, website, email, phone, city }: Pair["one"]) => ({
    id: company,
    name,
    more: [website && bare(website), email, phone, city],
  });
  return (
    <PairRow
      kind="companies"
      one={side(pair.one)}
      other={side(pair.other)}
      open={open}
      confidence={pair.confidence}
      reasons={pair.reasons.map((reason) => t(`companies.merging.reason.${reason as Reason}`))}
      writes={writes}
      busy={decide.isPending}
      onTurn={turn}
    />
  );
}

/** Every merge, with the way back. */
function History() {
  const { t } = useTranslation();
  const query = useInfiniteQuery(merges());
  const writes = useMay("companies.write");
  const undo = useUndo();
  return (
    <Panel label={t("duplicates.history")} bare flush>
      <Listed
        query={query}
        empty={<Empty title={t("duplicates.emptyHistory")}>{t("duplicates.emptyHistoryText")}</Empty>}
      >
        {(items) => (
          <ul className="divide-y divide-line">
            {items.map((merge) => (
              <Past key={merge.id} kind="companies" merge={merge} writes={writes} undo={undo} />
            ))}
          </ul>
        )}
      </Listed>
      <EditsKept undo={undo} />
    </Panel>
  );
}
