import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { clsx } from "clsx";
import { Check, Trash2 } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api/client";
import { may, useMe } from "@/app/may";
import { sayThrown } from "@/i18n/problems";
import { Forbidden } from "@/shell/forbidden";
import { Page } from "@/shell/page";
import { Button } from "@/ui/button";
import { Confirm } from "@/ui/confirm";
import { Failed, SkeletonRows } from "@/ui/states";
import { readStep, type Step } from "./address";
import { Columns } from "./columns";
import { type Import, isBusy, isDraft, one } from "./data";
import { Matching } from "./matching";
import { Crumbs } from "./parts";
import { Result } from "./result";
import { Start } from "./start";

export function ImportPage() {
  const { t } = useTranslation();
  const me = useMe();
  const { id } = useParams({ from: "/shell/contacts/imports/$id" });
  const query = useQuery(one(id));
  const found = query.data;
  useFresh(found);
  if (me && !may(me, "contacts.import")) return <Forbidden title={t("imports.one")} needs="contacts.import" />;
  return (
    <Page
      title={t("imports.one")}
      record={found?.file_name}
      back="/contacts/imports"
      crumbs={<Crumbs file={found?.file_name ?? ""} />}
      tools={found && isDraft(found) && <Discard item={found} />}
    >
      <div className="mx-auto flex max-w-[980px] flex-col gap-5 px-7 pt-4 pb-10 max-md:px-4">
        {query.isPending ? (
          <SkeletonRows rows={6} tall />
        ) : query.isError && !found ? (
          <Failed error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          found && (isDraft(found) ? <Draft item={found} /> : <Result item={found} />)
        )}
      </div>
    </Page>
  );
}

/** When the work on it ends, lists of contacts are no longer what they were. */
function useFresh(item: Import | undefined) {
  const cache = useQueryClient();
  const was = useRef(false);
  const busy = item !== undefined && isBusy(item);
  useEffect(() => {
    if (was.current && !busy) {
      void cache.invalidateQueries({ queryKey: ["contacts"] });
      void cache.invalidateQueries({ queryKey: ["tags"] });
      void cache.invalidateQueries({ queryKey: ["segments"] });
      void cache.invalidateQueries({ queryKey: ["companies"] });
      void cache.invalidateQueries({ queryKey: ["occasions"] });
    }
    was.current = busy;
  }, [busy, cache]);
}

function Draft({ item }: { item: Import }) {
  const { step = "columns" } = readStep({ ...useSearch({ from: "/shell/contacts/imports/$id" }) });
  const navigate = useNavigate();
  const go = (next: Step) =>
    void navigate({ to: "/contacts/imports/$id", params: { id: item.id }, search: { step: next } });
  return (
    <>
      <Steps at={step} onGo={go} />
      {step === "columns" && <Columns item={item} onNext={() => go("matching")} />}
      {step === "matching" && <Matching item={item} onBack={() => go("columns")} onNext={() => go("start")} />}
      {step === "start" && <Start item={item} onBack={() => go("matching")} />}
    </>
  );
}

const STEPS = ["file", "columns", "matching", "start"] as const;

/** Where one is on the way; what was passed leads back. */
function Steps({ at, onGo }: { at: Step; onGo: (step: Step) => void }) {
  const { t } = useTranslation();
  const here = STEPS.indexOf(at);
  return (
    <ol className="flex flex-wrap gap-x-1.5 gap-y-1" aria-label={t("imports.steps")}>
      {STEPS.map((step, index) => {
        const done = index < here;
        const look = clsx(
          "flex min-h-9 items-center gap-2 rounded-control px-2.5 text-sm coarse:min-h-11",
          index === here ? "bg-accent-soft font-[580] text-accent-text" : done ? "text-ink-2" : "text-muted",
        );
        const words = (
          <>
            <span
              aria-hidden="true"
              className="num grid size-5 place-items-center rounded-full border border-current text-[11.5px] [&_svg]:size-3"
            >
              {done ? <Check /> : index + 1}
            </span>
            {t(`imports.step.${step}`)}
          </>
        );
        return (
          <li key={step} aria-current={index === here ? "step" : undefined}>
            {done && step !== "file" ? (
              <button type="button" className={clsx(look, "hover:bg-hover")} onClick={() => onGo(step)}>
                {words}
              </button>
            ) : (
              <span className={look}>{words}</span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** The file and what was said of its columns go; nothing of it can be brought back. */
function Discard({ item }: { item: Import }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const drop = useMutation({
    mutationFn: () => ok(api.DELETE("/v1/contact-imports/{id}", { params: { path: { id: item.id } } })),
    onSuccess: async () => {
      await navigate({ to: "/contacts/imports" });
      cache.removeQueries({ queryKey: one(item.id).queryKey });
      void cache.invalidateQueries({ queryKey: ["contact_imports", "list"] });
    },
  });
  return (
    <>
      <Button size="small" look="ghost" writes icon={<Trash2 />} className="ms-2" onClick={() => setAsking(true)}>
        {t("imports.discard")}
      </Button>
      <Confirm
        open={asking}
        onClose={() => setAsking(false)}
        title={t("imports.discardTitle", { name: item.file_name })}
        lead={t("imports.discardText")}
        action={t("imports.discard")}
        icon={<Trash2 />}
        busy={drop.isPending}
        trouble={drop.isError ? sayThrown(drop.error) : undefined}
        onConfirm={() => drop.mutate()}
      />
    </>
  );
}
