import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { ButtonLink, PlainLink } from "@/ui/link";
import { Own } from "@/ui/own";
import { say } from "@/ui/toast";
import { Asked, asked, useAsked } from "../../fields/asked";
import type { CustomField } from "../../fields/data";
import { STATUSES } from "../data";

const line = z.string().check(z.trim(), z.maxLength(300, "too_long"));
const schema = z.object({
  name: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(200, "too_long")),
  website: line,
  industry: line,
  status: z.string(),
  custom: asked,
});
type Values = z.infer<typeof schema>;
type Made = Schema["CompanyMade"];
/** What is alike, as the API says it. */
const WHY = ["tax_id", "website", "name"] as const;
const EMPTY: Values = { name: "", website: "", industry: "", status: "prospect", custom: {} };

export function NewCompany({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const fields = useAsked("company");
  const [made, setMade] = useState<Made>();
  return (
    <Dialog open={open && fields !== undefined} onClose={onClose} title={t("companies.create")}>
      {made ? (
        <Known made={made} onClose={onClose} />
      ) : (
        <Form onClose={onClose} onMade={setMade} fields={fields ?? []} />
      )}
    </Dialog>
  );
}

/** It was added, and the server knows some that may be the same: whoever entered it looks before he goes on. */
function Known({ made, onClose }: { made: Made; onClose: () => void }) {
  const { t } = useTranslation();
  const why = (by: string) => {
    const known = WHY.find((word) => word === by);
    return known ? t(`companies.alikeBy.${known}`) : [];
  };
  return (
    <div className="flex flex-col gap-3.5">
      <section role="status" className="rounded-[12px] bg-warning-soft p-3 text-sm">
        <p className="mb-1.5 font-[570]">
          {t("companies.knownAlready", { count: made.duplicates.length, name: made.name })}
        </p>
        <ul>
          {made.duplicates.map(({ id, name, matched_by: by }) => (
            <li key={id}>
              <To id={id} name={name} note={by.flatMap(why).join(", ")} />
            </li>
          ))}
        </ul>
      </section>
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.close")}
        </Button>
        <ButtonLink to="/companies/$id" params={{ id: made.id }} look="primary">
          {t("companies.openMade")}
        </ButtonLink>
      </footer>
    </div>
  );
}

function To({ id, name, note }: { id: string; name: string; note?: string }) {
  return (
    <PlainLink
      to="/companies/$id"
      params={{ id }}
      className="flex min-h-9 items-center gap-2 hover:underline coarse:min-h-11"
    >
      <Avatar name={name} id={id} size="sm" square />
      <Own>{name}</Own>
      {note && <span className="ms-auto shrink-0 text-cap text-muted">{note}</span>}
    </PlainLink>
  );
}

function Form(props: { onClose: () => void; onMade: (made: Made) => void; fields: readonly CustomField[] }) {
  const { onClose, onMade, fields } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: EMPTY,
    submit: async ({ name, website, industry, status, custom }) => {
      const body: Schema["NewCompany"] = {
        name,
        status: status as Schema["Status"],
        custom,
        ...(website && { website }),
        ...(industry && { industry }),
      };
      const made = await ok(api.POST("/v1/companies", { body }));
      void cache.invalidateQueries({ queryKey: ["companies"] });
      say(t("companies.created", { name: made.name }));
      if (made.duplicates.length > 0) return onMade(made);
      await navigate({ to: "/companies/$id", params: { id: made.id } });
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5">
      {trouble}
      <TextField form={form} name="name" label={t("companies.name")} autoFocus maxLength={200} />
      <TextField form={form} name="website" label={t("companies.website")} optional dir="ltr" inputMode="url" />
      <div className="grid grid-cols-2 items-start gap-3.5 max-sm:grid-cols-1">
        <TextField form={form} name="industry" label={t("companies.industry")} optional />
        <SelectField form={form} name="status" label={t("companies.statusOf")}>
          {STATUSES.map((status) => (
            <option key={status} value={status}>
              {t(`companies.status.${status}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <Asked fields={fields} form={form} />
      <Alike name={form.watch("name")} />
      <footer className="mt-1 flex justify-end gap-2">
        <Button look="ghost" onClick={onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary" busy={busy}>
          {t("action.add")}
        </Button>
      </footer>
    </form>
  );
}

/** Before a company is entered twice. */
function Alike({ name }: { name: string }) {
  const { t } = useTranslation();
  const [words, setWords] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setWords(name.trim()), 300);
    return () => clearTimeout(timer);
  }, [name]);
  const { data } = useQuery({
    queryKey: ["companies", "alike", words],
    queryFn: ({ signal }) => {
      const query = { limit: 3, sort: "name", filter: [`name:prefix:${words}`] };
      return ok(api.GET("/v1/companies", { params: { query }, signal }));
    },
    enabled: words.length > 2,
    retry: false,
  });
  if (words.length < 3 || !data?.items.length) return null;
  return (
    <section role="status" className="rounded-[12px] bg-warning-soft p-3 text-sm">
      <p className="mb-1.5 font-[570]">{t("companies.alike", { count: data.items.length })}</p>
      <ul>
        {data.items.map((known) => (
          <li key={known.id}>
            <To id={known.id} name={known.name} />
          </li>
        ))}
      </ul>
    </section>
  );
}
