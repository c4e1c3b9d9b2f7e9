import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ChevronDown } from "lucide-react";
import { useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, type Schema } from "@/api/client";
import { Avatar } from "@/ui/avatar";
import { Button } from "@/ui/button";
import { Dialog } from "@/ui/dialog";
import { useServerForm } from "@/ui/form";
import { PlainLink } from "@/ui/link";
import { say } from "@/ui/toast";
import { Asked, asked, useAsked } from "../fields/asked";
import type { CustomField } from "../fields/data";
import { stages, tags } from "./data";
import { Care, compacting, Group, Place, Reach, Who } from "./edit/fields";
import { bodyOf, EMPTY, type Values as Whole } from "./edit/merge";
import { shape } from "./edit/schema";

const schema = z
  .object({ ...shape, custom: asked })
  .check(
    z.refine(
      ({ display_name, first_name, middle_name, last_name, company_name, emails, phones }) =>
        [display_name, first_name, middle_name, last_name, company_name].some((name) => name.trim()) ||
        emails.some(({ address }) => address.trim()) ||
        phones.some(({ number }) => number.trim()),
      { error: "contact_empty", path: ["first_name"] },
    ),
  );
type Values = z.infer<typeof schema>;
/** One line each is open from the start. */
const DEFAULTS: Values = {
  ...EMPTY,
  emails: [{ address: "", kind: "work" }],
  phones: [{ number: "", kind: "mobile" }],
  custom: {},
};

export function NewContact({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const fields = useAsked("contact");
  // The one the server gives.
  const { data: known, isLoading } = useQuery(stages);
  return (
    <Dialog wide open={open && fields !== undefined && !isLoading} onClose={onClose} title={t("contacts.create")}>
      <Form onClose={onClose} fields={fields ?? []} stage={known?.find(({ entry }) => entry === "new")?.key ?? ""} />
    </Dialog>
  );
}

function Form(props: { onClose: () => void; fields: readonly CustomField[]; stage: string }) {
  const { onClose, fields, stage } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const cache = useQueryClient();
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: { ...DEFAULTS, stage },
    fields: { "/": "first_name", "": "first_name" },
    submit: ({ custom, ...values }) =>
      compacting(typed, async () => {
        const body = { source: "console", ...bodyOf(values), custom };
        const made = await ok(api.POST("/v1/contacts", { body: body as Schema["NewContact"] }));
        void cache.invalidateQueries({ queryKey: ["contacts"] });
        void cache.invalidateQueries({ queryKey: tags.queryKey });
        say(t("contacts.created", { name: made.display_name }));
        await navigate({ to: "/contacts/$id", params: { id: made.id } });
      }),
  });
  // The parts of the form do not know about values that only the fields of the tenant have.
  const typed = form as unknown as UseFormReturn<Whole>;
  const [all, setAll] = useState(false);
  const [entered, setEntered] = useState({ email: "", phone: "" });
  const look = () => {
    const { emails, phones } = form.getValues();
    setEntered({ email: emails[0]?.address.trim() ?? "", phone: phones[0]?.number.trim() ?? "" });
  };
  return (
    <form onSubmit={onSubmit} noValidate className="flex flex-col gap-3.5" onBlur={look}>
      {trouble}
      <Who form={typed} all={all} />
      <Reach form={typed} all={all} />
      <Asked fields={fields} form={form} />
      {all ? (
        <>
          <Group title={t("contacts.groupPlace")}>
            <Place form={typed} />
          </Group>
          <Group title={t("contacts.groupCare")}>
            <Care form={typed} />
          </Group>
        </>
      ) : (
        <Button look="ghost" icon={<ChevronDown />} onClick={() => setAll(true)} className="-ms-2.5 self-start">
          {t("contacts.moreFields")}
        </Button>
      )}
      <Duplicates {...entered} />
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

/** Before somebody is entered twice. */
function Duplicates({ email, phone }: { email: string; phone: string }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ["contacts", "duplicates", email, phone],
    queryFn: ({ signal }) =>
      ok(
        api.GET("/v1/contacts/duplicates", {
          params: { query: { ...(email && { email }), ...(phone && { phone }) } },
          signal,
        }),
      ),
    enabled: /@.+\./.test(email) || phone.length > 5,
    retry: false,
  });
  if (!data?.items.length) return null;
  return (
    <section role="status" className="rounded-[12px] bg-warning-soft p-3 text-sm">
      <p className="mb-1.5 font-[570]">{t("contacts.duplicates", { count: data.items.length })}</p>
      <ul>
        {data.items.slice(0, 3).map(({ id, display_name, matched_by }) => (
          <li key={id}>
            <PlainLink to="/contacts/$id" params={{ id }} className="flex min-h-9 items-center gap-2 hover:underline">
              <Avatar name={display_name} id={id} size="sm" />
              <span className="min-w-0 truncate">{display_name}</span>
              <span className="ms-auto whitespace-nowrap text-cap text-muted">
                {matched_by
                  .flatMap((by) =>
                    by === "email" || by === "phone" || by === "name" ? t(`contacts.duplicateBy.${by}`) : [],
                  )
                  .join(", ")}
              </span>
            </PlainLink>
          </li>
        ))}
      </ul>
    </section>
  );
}
