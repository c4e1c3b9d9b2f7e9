import { FileText, Inbox, Mail, MessageSquare } from "lucide-react";
import { api, ok, type Schema } from "@/api/client";
import { may } from "@/app/may";
import { formats } from "@/i18n/format";
import type { Item, Palette, Source } from "@/modules/palette/parts";

type Hit = Schema["SearchHit"];

const ICON: Partial<Record<Hit["kind"], typeof Mail>> = {
  notes: FileText,
  activities: MessageSquare,
  mails: Mail,
  submissions: Inbox,
};

/** The page on which it stands: what is about a deal or a company stands there, whoever it was with. */
function placeOf({ kind, id, deal, company, contact }: Hit): string {
  if (kind === "submissions") return `/submissions/${id}`;
  if (deal) return `/deals/${deal}`;
  return company ? `/companies/${company}` : `/contacts/${contact}`;
}

/** What was said and written, and what visitors answered: besides the records that modules find themselves. */
export const palette: Palette = ({ me, t }) => {
  const toItem = (hit: Hit): Item => {
    const Icon = ICON[hit.kind] ?? FileText;
    const when = formats(document.documentElement.lang || "en").when(hit.at);
    return {
      id: hit.id,
      label: hit.title || (hit.about ? t("search.about", { name: hit.about }) : t("search.note")),
      note: [hit.title && hit.about, when].filter(Boolean).join(" · "),
      snippet: hit.snippet,
      icon: <Icon />,
      to: placeOf(hit),
    };
  };
  const source = (id: string, group: string, kinds: string): Source => ({
    id,
    group,
    ask: async (q, signal) => {
      const query = { q, kinds, limit: 5 };
      const { items } = await ok(api.GET("/v1/search", { params: { query }, signal }));
      return items.slice(0, 6).map(toItem);
    },
  });
  const said = [
    ...(may(me, "activities.read") ? ["notes", "activities"] : []),
    ...(may(me, "notifications.mails.read") ? ["mails"] : []),
  ];
  return {
    order: 30,
    sources: [
      ...(said.length > 0 ? [source("said", t("search.said"), said.join(","))] : []),
      ...(may(me, "forms.read") ? [source("answers", t("search.answers"), "submissions")] : []),
    ],
  };
};
