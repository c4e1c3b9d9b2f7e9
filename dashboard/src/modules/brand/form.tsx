import { useQueryClient } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { useFieldArray } from "react-hook-form";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok, type Schema } from "@/api/client";
import { useMay, useMe } from "@/app/may";
import { Button, IconButton } from "@/ui/button";
import { SelectField, TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { useBased } from "@/ui/merge";
import { Newer } from "@/ui/newer";
import { Panel } from "@/ui/panel";
import { say } from "@/ui/toast";
import { contrast, NONE, readableOn } from "./colour";
import { type Brand, brand as query } from "./data";
import { Preview } from "./preview";
import { Upload } from "./upload";
import { put } from "./wear";

/** What was uploaded is on our own address, which need not be https where one develops. */
const https = z
  .string()
  .check(
    z.trim(),
    z.regex(/^((https:\/\/|http:\/\/(localhost|127\.))[^\s]+)?$/, "url_invalid"),
    z.maxLength(500, "too_long"),
  );
const schema = z.object({
  sky: z.enum(["", "on", "off"]),
  name: z.string().check(z.trim(), z.maxLength(80, "name_invalid")),
  logo_url: https,
  accent: z.string().check(z.trim(), z.regex(/^(#[0-9a-f]{6})?$/i, "color_invalid")),
  legal_links: z.array(
    z.object({
      label: z.string().check(z.trim(), z.minLength(1, "required"), z.maxLength(60, "too_long")),
      url: z.string().check(z.trim(), z.regex(/^https:\/\/[^\s]+$/, "url_invalid"), z.maxLength(500, "too_long")),
    }),
  ),
});
type Values = z.infer<typeof schema>;

const valuesOf = ({ name, logo_url, colors, legal_links, sky }: Brand): Values => ({
  sky: sky == null ? "" : sky ? "on" : "off",
  name,
  logo_url: logo_url ?? "",
  accent: colors.accent ?? "",
  legal_links: legal_links.map(({ label, url }) => ({ label, url })),
});

const LABELS = {
  name: "brand.name",
  logo_url: "brand.logo",
  accent: "brand.colour",
  sky: "brand.sky",
  legal_links: "brand.legal",
} as const;

/** As it is sent. Text on a new accent is chosen anew; what else was set stays. */
function bodyOf({ colors: known }: Brand, { name, logo_url, accent, legal_links, sky }: Values): Schema["NewBrand"] {
  const { accent: before, on_accent, ...rest } = known;
  const same = accent.toLowerCase() === (before ?? "");
  const colors = { ...rest, ...(accent && { accent }), ...(same && on_accent && { on_accent }) };
  return { name, colors, legal_links, ...(logo_url && { logo_url }), ...(sky && { sky: sky === "on" }) };
}

/** What is set, beside what comes of it. */
export function BrandForm({ brand }: { brand: Brand }) {
  const { t } = useTranslation();
  const cache = useQueryClient();
  const writes = useMay("tenants.write");
  const agency = useMe()?.tenant.kind === "agency";
  const { newer, update, theirs } = useBased(brand, valuesOf);
  const { form, onSubmit, busy, trouble } = useServerForm({
    schema,
    defaults: valuesOf(brand),
    fields: { "/colors/accent": "accent" },
    submit: async (values) => {
      const fresh = await update(form, values, {
        send: (base, next) => {
          const params = { header: base.version > 0 ? ifMatch(base.version) : {} };
          return ok(api.PUT("/v1/brand", { params, body: bodyOf(base, next) }));
        },
        read: () => cache.fetchQuery({ ...query, staleTime: 0 }),
      });
      cache.setQueryData(query.queryKey, fresh);
      put(cache, fresh);
      form.reset(valuesOf(fresh));
      say(t("action.saved"));
    },
  });
  const links = useFieldArray({ control: form.control, name: "legal_links" });
  const [name, accent, logo] = form.watch(["name", "accent", "logo_url"]);
  const shown = /^#[0-9a-f]{6}$/i.test(accent) ? accent : brand.own && brand.colors.accent ? NONE : brand.look.accent;
  const dirty = form.formState.isDirty;
  return (
    <form
      onSubmit={onSubmit}
      noValidate
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,1.1fr)]"
    >
      <fieldset disabled={!writes} className="flex min-w-0 flex-col gap-4 max-md:gap-3.5">
        <Panel
          title={t("brand.what")}
          note={t(brand.own ? "brand.own" : agency ? "brand.standard" : "brand.inherited")}
        >
          <div className="flex flex-col gap-3.5">
            <TextField
              form={form}
              name="name"
              label={t("brand.name")}
              help={t("brand.nameHelp")}
              placeholder={brand.look.name}
              maxLength={80}
            />
            <TextField
              form={form}
              name="logo_url"
              label={t("brand.logo")}
              help={t("brand.logoHelp")}
              placeholder="https://"
              dir="ltr"
              optional
            />
            <Upload onDone={(url) => form.setValue("logo_url", url, { shouldDirty: true, shouldValidate: true })} />
            <div className="flex items-start gap-2.5">
              <TextField
                form={form}
                name="accent"
                label={t("brand.colour")}
                placeholder={brand.look.accent}
                frameClass="flex-1"
                className="font-mono"
                dir="ltr"
                maxLength={7}
                spellCheck={false}
                optional
              />
              <Swatch
                label={t("brand.pick")}
                value={shown}
                onChange={(value) => form.setValue("accent", value, { shouldDirty: true, shouldValidate: true })}
              />
            </div>
            <Guard accent={shown} />
            <SelectField form={form} name="sky" label={t("brand.sky")} help={t("brand.skyHelp")}>
              <option value="">{t(agency ? "brand.skyUsual" : "brand.skyInherited")}</option>
              <option value="on">{t("brand.skyOn")}</option>
              <option value="off">{t("brand.skyOff")}</option>
            </SelectField>
          </div>
        </Panel>
        <Panel
          title={t("brand.legal")}
          note={t("brand.legalNote")}
          more={
            links.fields.length < 10 && (
              <Button writes size="small" icon={<Plus />} onClick={() => links.append({ label: "", url: "https://" })}>
                {t("action.add")}
              </Button>
            )
          }
        >
          {links.fields.length === 0 ? (
            <p className="text-sm text-muted">{t("brand.noLinks")}</p>
          ) : (
            <ul className="flex flex-col gap-3">
              {links.fields.map((field, index) => (
                <li key={field.id} className="flex items-start gap-2">
                  <TextField
                    form={form}
                    name={`legal_links.${index}.label`}
                    label={t("brand.linkLabel")}
                    frameClass="w-32 shrink-0"
                    maxLength={60}
                  />
                  <TextField
                    form={form}
                    name={`legal_links.${index}.url`}
                    label={t("brand.linkUrl")}
                    frameClass="min-w-0 flex-1"
                    dir="ltr"
                    maxLength={500}
                  />
                  <IconButton writes label={t("action.remove")} className="mt-6" onClick={() => links.remove(index)}>
                    <X />
                  </IconButton>
                </li>
              ))}
            </ul>
          )}
        </Panel>
        {trouble}
        <Newer
          of={newer}
          label={(key) => t(LABELS[key])}
          texts={["name", "logo_url", "accent"]}
          onTheirs={() => theirs(form)}
        />
        <footer className="flex justify-end gap-2">
          {dirty && (
            <Button look="ghost" onClick={() => form.reset()}>
              {t("action.cancel")}
            </Button>
          )}
          <Button type="submit" look="primary" busy={busy} disabled={!writes || !dirty}>
            {t("action.save")}
          </Button>
        </footer>
      </fieldset>
      <Preview
        name={name || brand.look.name}
        logo={logo || brand.look.logo_url}
        accent={shown}
        links={form.watch("legal_links")}
      />
    </form>
  );
}

function Swatch(props: { label: string; value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <span className="pt-[25px]">
      <label htmlFor={id} className="sr-only">
        {props.label}
      </label>
      <input
        id={id}
        type="color"
        value={props.value}
        onChange={(event) => props.onChange(event.target.value)}
        className="h-[38px] w-12 cursor-pointer rounded-control border border-control bg-transparent p-1 max-md:h-11"
      />
    </span>
  );
}

/** What the colour means for those who read: text on it, and it on white. */
function Guard({ accent }: { accent: string }) {
  const { t } = useTranslation();
  const text = contrast(accent, readableOn(accent));
  const shape = contrast(accent, "#ffffff");
  const figure = (value: number) => value.toFixed(1);
  return (
    <div role="status">
      <ul className="flex flex-col gap-1 text-cap">
        <li className="text-success-text">{t("brand.textOn", { ratio: figure(text) })}</li>
        <li className={shape >= 3 ? "text-success-text" : "text-warning-text"}>
          {shape >= 3 ? t("brand.seen", { ratio: figure(shape) }) : t("brand.pale", { ratio: figure(shape) })}
        </li>
        <li className="text-muted">{t("brand.console")}</li>
      </ul>
    </div>
  );
}
