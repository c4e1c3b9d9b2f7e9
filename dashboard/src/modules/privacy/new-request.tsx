import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Eraser, FileDown } from "lucide-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok, type Schema } from "@/api/client";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { FieldFrame } from "@/ui/field";
import { inputHeight, inputLook } from "@/ui/input-look";
import { Own } from "@/ui/own";
import { AskForData } from "./ask";
import type { Kind } from "./data";

type Contact = Schema["Contact"];

/** Whose data: a person is looked for first. */
export function NewRequest({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<{ person: Contact; kind: Kind }>();
  const q = typed.trim();
  const { data } = useQuery({
    queryKey: ["contacts", "person", q],
    queryFn: ({ signal }) => ok(api.GET("/v1/contacts", { params: { query: { q, limit: 6 } }, signal })),
    enabled: q.length > 1,
    placeholderData: keepPreviousData,
  });
  if (chosen) return <AskForData {...chosen} onClose={onClose} />;
  const found = q.length > 1 ? (data?.items ?? []) : [];
  return (
    <Dialog open onClose={onClose} title={t("privacy.new")} lead={t("privacy.newLead")}>
      <FieldFrame id={id} label={t("privacy.who")}>
        <input
          id={id}
          type="search"
          value={typed}
          maxLength={100}
          autoComplete="off"
          onChange={(event) => setTyped(event.target.value)}
          className={`${inputLook} ${inputHeight}`}
        />
      </FieldFrame>
      <ul className="mt-2 divide-y divide-line" aria-label={t("privacy.who")}>
        {found.map((person) => (
          <li key={person.id} className="flex flex-wrap items-center gap-3 py-2">
            <Avatar name={person.display_name} id={person.id} size="sm" />
            <span className="min-w-0 flex-1 basis-32">
              <b className="block text-[13.5px] font-[570]">
                <Own title={person.display_name}>{person.display_name}</Own>
              </b>
              <span className="block truncate text-[12.5px] text-muted">{person.email ?? person.company_name}</span>
            </span>
            <Button
              writes
              size="small"
              icon={<FileDown />}
              aria-label={`${t("privacy.export")}: ${person.display_name}`}
              onClick={() => setChosen({ person, kind: "export" })}
            >
              {t("privacy.export")}
            </Button>
            <Button
              writes
              size="small"
              icon={<Eraser />}
              aria-label={`${t("privacy.erase")}: ${person.display_name}`}
              onClick={() => setChosen({ person, kind: "erasure" })}
            >
              {t("privacy.erase")}
            </Button>
          </li>
        ))}
      </ul>
      {q.length > 1 && data && found.length === 0 && (
        <p role="status" className="mt-2 text-sm text-muted">
          {t("privacy.whoNone", { query: q })}
        </p>
      )}
    </Dialog>
  );
}
