import { useInfiniteQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMay } from "@/app/may";
import { readView } from "./address";
import { merges, type Pair, pairs, runs, useDecide, useUndo } from "./data";
import { Candidates, Frame, Merges } from "./frame";
import { PairRow, useTurn } from "./lists";
import { Runs } from "./runs";

type Reason = "email" | "phone" | "name" | "similar_name" | "company" | "city";

export function DuplicatesPage() {
  const { t } = useTranslation();
  const view = readView({ ...useSearch({ from: "/shell/contacts/duplicates" }) });
  return (
    <Frame
      kind="contacts"
      view={view}
      tools={<Runs of={runs} scanning={t("duplicates.scanning")} sureText={t("duplicates.mergeSureText")} />}
    >
      {view === "history" ? <History /> : <Pairs key={view} state={view} />}
    </Frame>
  );
}

const ids = ({ id }: Pair) => [id];

function Pairs({ state }: { state: "open" | "dismissed" }) {
  const { t } = useTranslation();
  const query = useInfiniteQuery(pairs(state));
  return (
    <Candidates
      state={state}
      query={query}
      emptyText={t("duplicates.emptyText")}
      ids={ids}
      row={(pair) => <Row key={pair.id} pair={pair} />}
    />
  );
}

function Row({ pair }: { pair: Pair }) {
  const { t } = useTranslation();
  const writes = useMay("contacts.write");
  const { turn, busy } = useTurn(useDecide(), pair);
  const side = ({ contact, name, email, phone, company_name, city }: Pair["one"]) => ({
    id: contact,
    name,
    more: [email, phone, company_name, city],
  });
  return (
    <PairRow
      kind="contacts"
      one={side(pair.one)}
      other={side(pair.other)}
      open={pair.state === "open"}
      confidence={pair.confidence}
      reasons={pair.reasons.map((reason) => t(`duplicates.reason.${reason as Reason}`))}
      writes={writes}
      busy={busy}
      onTurn={turn}
    />
  );
}

function History() {
  const query = useInfiniteQuery(merges());
  return <Merges kind="contacts" query={query} writes={useMay("contacts.write")} undo={useUndo()} />;
}
