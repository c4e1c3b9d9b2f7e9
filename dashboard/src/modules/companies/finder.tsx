import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { clsx } from "clsx";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { Avatar } from "@/ui/avatar";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Own } from "@/ui/own";
import { Failed } from "@/ui/states";

interface Found {
  id: string;
  name: string;
  note?: string | null;
}

const ASK = {
  companies: async (q: string, signal: AbortSignal): Promise<Found[]> => {
    const query = { limit: 8, ...(q ? { q } : { sort: "-updated_at" }) };
    const { items } = await ok(api.GET("/v1/companies", { params: { query }, signal }));
    return items.map(({ id, name, industry }) => ({ id, name, note: industry }));
  },
  contacts: async (q: string, signal: AbortSignal): Promise<Found[]> => {
    const query = { limit: 8, ...(q ? { q } : { sort: "-updated_at" }) };
    const { items } = await ok(api.GET("/v1/contacts", { params: { query }, signal }));
    return items.map((one) => ({ id: one.id, name: one.display_name, note: one.company_name ?? one.email }));
  },
};

/** Finds one of many on the server: the newest at first, then whatever fits what is typed. */
export function Finder(props: {
  kind: keyof typeof ASK;
  label: string;
  /** Those that cannot be chosen. */
  but: readonly string[];
  onChoose: (found: Found) => void;
}) {
  const { t } = useTranslation();
  const { kind, label, but } = props;
  const [typed, setTyped] = useState("");
  const [words, setWords] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setWords(typed.trim()), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data, error, isFetching } = useQuery({
    queryKey: [kind, "find", words],
    queryFn: ({ signal }) => ASK[kind](words, signal),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const shown = data?.filter(({ id }) => !but.includes(id)) ?? [];
  const settled = !isFetching && words === typed.trim();
  return (
    <div className="w-72 max-w-full p-1.5">
      <input
        // biome-ignore lint/a11y/noAutofocus: the popover was opened to type here
        autoFocus
        value={typed}
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Enter") return;
          event.preventDefault();
          if (settled && shown[0]) props.onChoose(shown[0]);
        }}
        aria-label={label}
        placeholder={label}
        className={clsx(inputLook, inputHeight, "mb-1.5")}
      />
      {error && !data ? (
        <Failed error={error} />
      ) : (
        <ul aria-busy={!settled} className="max-h-72 overflow-y-auto">
          {shown.map((found) => (
            <li key={found.id}>
              <button
                type="button"
                onClick={() => props.onChoose(found)}
                className="flex min-h-[42px] w-full items-center gap-2.5 rounded-[8px] px-2 text-start text-[13.5px] hover:bg-hover coarse:min-h-11"
              >
                <Avatar name={found.name} id={found.id} size="sm" square={kind === "companies"} />
                <span className="min-w-0">
                  <span className="flex">
                    <Own>{found.name}</Own>
                  </span>
                  {found.note && <span className="block truncate text-cap text-muted">{found.note}</span>}
                </span>
              </button>
            </li>
          ))}
          {settled && shown.length === 0 && (
            <li className="px-2.5 py-2 text-sm text-muted">{t("companies.nothingFits")}</li>
          )}
        </ul>
      )}
    </div>
  );
}
