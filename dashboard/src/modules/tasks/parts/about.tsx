import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Building2, Orbit, UserRound, X } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { useMay } from "@/app/may";
import { IconButton } from "@/ui/button";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import type { Kind } from "../data";

export interface About {
  kind: Kind;
  id: string;
  name: string;
}

const ICON = { contact: UserRound, company: Building2, deal: Orbit };

const ASK: Record<Kind, (q: string, signal: AbortSignal) => Promise<About[]>> = {
  contact: async (q, signal) => {
    const { items } = await ok(api.GET("/v1/contacts", { params: { query: { q, limit: 4 } }, signal }));
    return items.map(({ id, display_name }) => ({ kind: "contact", id, name: display_name }));
  },
  company: async (q, signal) => {
    const { items } = await ok(api.GET("/v1/companies", { params: { query: { q, limit: 4 } }, signal }));
    return items.map(({ id, name }) => ({ kind: "company", id, name }));
  },
  deal: async (q, signal) => {
    const { items } = await ok(api.GET("/v1/deals", { params: { query: { q, limit: 4 } }, signal }));
    return items.map(({ id, title }) => ({ kind: "deal", id, name: title }));
  },
};

/** What a task is about: at most one contact, one company and one deal, found by name. */
export function AboutField({ about, onChange }: { about: readonly About[]; onChange: (about: About[]) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState("");
  const reads: Record<Kind, boolean> = {
    contact: useMay("contacts.read"),
    company: useMay("companies.read"),
    deal: useMay("deals.read"),
  };
  const q = typed.trim();
  const { data } = useQuery({
    queryKey: ["tasks", "about-what", q, reads],
    queryFn: async ({ signal }) => {
      const kinds = (["contact", "company", "deal"] as const).filter((kind) => reads[kind]);
      return (await Promise.all(kinds.map((kind) => ASK[kind](q, signal)))).flat();
    },
    enabled: q.length > 1,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const found = q.length > 1 ? (data?.filter((one) => !about.some((known) => known.id === one.id)) ?? []) : [];
  return (
    <FieldFrame id={id} label={t("tasks.field.about")} optional>
      {about.length > 0 && (
        <ul className="mb-1.5 flex flex-col gap-1">
          {about.map((one) => {
            const Icon = ICON[one.kind];
            return (
              <li key={one.id} className="flex items-center gap-2 text-[13.5px]">
                <Icon role="img" aria-label={t(`tasks.about.${one.kind}`)} className="size-4 shrink-0 text-muted" />
                <bdi className="min-w-0 flex-1 truncate">{one.name}</bdi>
                <IconButton
                  small
                  label={t("tasks.takeOff", { name: one.name })}
                  onClick={() => onChange(about.filter(({ id: other }) => other !== one.id))}
                >
                  <X />
                </IconButton>
              </li>
            );
          })}
        </ul>
      )}
      <input
        id={id}
        type="search"
        value={typed}
        placeholder={t("tasks.findAbout")}
        autoComplete="off"
        maxLength={100}
        onChange={(event) => setTyped(event.target.value)}
        className={`${inputLook} ${inputHeight}`}
      />
      {found.length > 0 && (
        <ul className="mt-1 rounded-[10px] border border-line-2 p-1">
          {found.map((one) => {
            const Icon = ICON[one.kind];
            return (
              <li key={one.id}>
                <button
                  type="button"
                  onClick={() => {
                    onChange([...about.filter(({ kind }) => kind !== one.kind), one]);
                    setTyped("");
                  }}
                  className="flex min-h-9 w-full items-center gap-2 rounded-[8px] px-2 text-start text-[13.5px] hover:bg-hover coarse:min-h-11"
                >
                  <Icon aria-hidden="true" className="size-4 shrink-0 text-muted" />
                  <bdi className="min-w-0 truncate">{one.name}</bdi>
                  <span className="ms-auto text-cap text-muted">{t(`tasks.about.${one.kind}`)}</span>
                </button>
              </li>
            );
          })}
        </ul>
      )}
    </FieldFrame>
  );
}
