import { useQueries, useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useFormats } from "@/i18n/format";
import { type Contact, contact, stages, useMembers } from "../contacts/data";
import { useShown } from "../fields/data";
import { readIds } from "./address";
import { Compare, MergeFrame, MOST } from "./compare";
import { useUndo } from "./data";
import { rowsOf } from "./rows";

export function MergePage() {
  const { t } = useTranslation();
  const { ids = [] } = readIds({ ...useSearch({ from: "/shell/contacts/merge" }) });
  const queries = useQueries({ queries: ids.slice(0, MOST).map((id) => contact(id)) });
  return (
    <MergeFrame
      kind="contacts"
      title={t("duplicates.mergeTitle")}
      few={t("duplicates.few")}
      tooMany={t("duplicates.tooMany")}
      ids={ids}
      queries={queries}
    >
      {(contacts) => <Contacts key={ids.join()} contacts={contacts} />}
    </MergeFrame>
  );
}

function Contacts({ contacts }: { contacts: readonly Contact[] }) {
  const { t } = useTranslation();
  const formats = useFormats();
  const members = useMembers();
  const fields = useShown("contact");
  const { data: known = [] } = useQuery(stages);
  const names = {
    stage: (key: string) => known.find((stage) => stage.key === key)?.label ?? key,
    member: (id: string) => members.get(id),
    nobody: t("contacts.nobody"),
  };
  return (
    <Compare
      kind="contacts"
      title={t("duplicates.mergeTitle")}
      records={contacts.map((each) => ({ ...each, name: each.display_name }))}
      rows={rowsOf(contacts, fields, names, formats, t)}
      all={t("duplicates.all")}
      action={t("duplicates.mergeCount", { count: contacts.length })}
      // The page is gone when somebody presses it.
      undo={useUndo({ asks: false })}
      merge={(body) => ok(api.POST("/v1/contact-merges", { body }))}
    />
  );
}
