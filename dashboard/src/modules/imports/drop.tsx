import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { clsx } from "clsx";
import { FileUp } from "lucide-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { sayThrown } from "@/i18n/problems";
import { Button } from "@/ui/button";
import { Trouble } from "@/ui/form";
import { bring, one } from "./data";

/** A file dropped or chosen becomes an import, and its page is shown. */
export function Drop() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const send = useMutation({
    mutationFn: bring,
    onSuccess: (made) => {
      cache.setQueryData(one(made.id).queryKey, made);
      void cache.invalidateQueries({ queryKey: ["contact_imports", "list"] });
      void navigate({ to: "/contacts/imports/$id", params: { id: made.id } });
    },
  });
  const take = (file: File | undefined) => {
    if (file && !send.isPending) send.mutate(file);
  };
  return (
    // The button does the same for keyboards; dropping is for those who drag.
    <section
      aria-label={t("imports.file")}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer.files[0]);
      }}
      className={clsx(
        "flex flex-col items-center gap-3 rounded-panel border-2 border-dashed px-5 py-9 text-center",
        over ? "border-accent bg-accent-soft" : "border-control bg-surface",
      )}
    >
      <FileUp aria-hidden="true" className="size-7 text-muted" />
      <p className="text-[15px] font-[560]">{t("imports.drop")}</p>
      <input
        ref={field}
        type="file"
        accept=".csv,.tsv,.txt,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        aria-label={t("imports.choose")}
        className="sr-only"
        tabIndex={-1}
        onChange={(event) => {
          take(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <Button look="primary" writes busy={send.isPending} onClick={() => field.current?.click()}>
        {t("imports.choose")}
      </Button>
      <p className="max-w-[58ch] text-[12.5px] text-muted">{t("imports.limits")}</p>
      {send.isError && <Trouble>{sayThrown(send.error)}</Trouble>}
    </section>
  );
}
