import { useQuery } from "@tanstack/react-query";
import { api, ok, type Schema } from "@/api/client";
import type { Formats } from "@/i18n/format";
import { money } from "@/ui/money";

type Won = Schema["WonValue"];

/** As many people as the server tells of at once, and how long rows that come into sight wait for each other, in ms. */
const MOST = 200;
const PAUSE = 20;

interface Wish {
  id: string;
  resolve: (won: Won[]) => void;
  reject: (error: unknown) => void;
}
let wishes: Wish[] = [];

/** What was won with somebody; people who are asked for in the same moment are one question. */
function wonWith(id: string): Promise<Won[]> {
  return new Promise((resolve, reject) => {
    wishes.push({ id, resolve, reject });
    if (wishes.length === 1) setTimeout(() => void ask(), PAUSE);
  });
}

async function ask(): Promise<void> {
  const asked = wishes;
  wishes = [];
  for (let at = 0; at < asked.length; at += MOST) {
    const some = asked.slice(at, at + MOST);
    try {
      const query = { contact: some.map(({ id }) => id) };
      const { items } = await ok(api.GET("/v1/won-values", { params: { query } }));
      for (const { id, resolve } of some) resolve(items.filter(({ contact }) => contact === id));
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }
}

/** What was won with a person, by currency. */
export function WonWith({ contact, formats }: { contact: string; formats: Formats }) {
  const { data = [] } = useQuery({
    queryKey: ["deals", "won", contact],
    queryFn: () => wonWith(contact),
    staleTime: 60_000,
    retry: false,
  });
  if (data.length === 0) return null;
  const text = data.map(({ amount, currency }) => money(amount, currency, formats.locale)).join(" + ");
  return <span title={text}>{text}</span>;
}
