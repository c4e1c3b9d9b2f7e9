import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { may, useMe } from "@/app/may";
import { Checkbox } from "@/ui/checkbox";
import { Failed, SkeletonRows } from "@/ui/states";
import { byModule, type Permission, permissions } from "./data";

/** What a key may do, module by module; only what its maker may do himself. */
export function Scopes(props: {
  chosen: ReadonlySet<string>;
  onChange: (chosen: Set<string>) => void;
  error?: string;
}) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const query = useQuery(permissions);
  const { chosen, onChange, error } = props;
  if (query.isPending) return <SkeletonRows rows={4} />;
  if (!query.data) return <Failed error={query.error} onRetry={() => void query.refetch()} />;
  const mine = query.data.filter(({ name }) => may(me, name));
  const set = (names: readonly string[], on: boolean) => {
    const next = new Set(chosen);
    for (const name of names) on ? next.add(name) : next.delete(name);
    onChange(next);
  };
  const name = (module: string) => (i18n.exists(`module.${module}`) ? t(`module.${module}` as "module.forms") : module);
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1.5 flex w-full items-baseline justify-between gap-3 text-[12.5px] font-[560] text-ink-2">
        {t("apikeys.may")}
        <span className="font-[460] text-muted">{t("apikeys.chosen", { count: chosen.size })}</span>
      </legend>
      <div className="max-h-[300px] divide-y divide-line overflow-y-auto rounded-[12px] border border-line">
        {byModule(mine).map(([module, entries]) => (
          <Group key={module} title={name(module)} entries={entries} chosen={chosen} set={set} />
        ))}
      </div>
      {error && (
        <p role="alert" className="mt-[5px] text-cap text-danger-text">
          {error}
        </p>
      )}
    </fieldset>
  );
}

function Group(props: {
  title: string;
  entries: readonly Permission[];
  chosen: ReadonlySet<string>;
  set: (names: readonly string[], on: boolean) => void;
}) {
  const { t } = useTranslation();
  const { title, entries, chosen, set } = props;
  const names = entries.map((entry) => entry.name);
  const reading = entries.filter(({ writes }) => !writes).map((entry) => entry.name);
  const on = names.filter((each) => chosen.has(each)).length;
  return (
    <section aria-label={title} className="px-3.5 py-2.5">
      <div className="flex items-center gap-2.5">
        <Checkbox
          label={t("apikeys.allOf", { module: title })}
          checked={on === names.length}
          some={on > 0}
          onChange={(checked) => set(names, checked)}
        />
        <b className="flex-1 text-[13.5px] font-[590]">{title}</b>
        {reading.length > 0 && reading.length < names.length && (
          <button
            type="button"
            onClick={() => {
              set(names, false);
              set(reading, true);
            }}
            className="min-h-6 text-[12.5px] font-[540] text-accent-text hover:underline coarse:min-h-11"
          >
            {t("apikeys.onlyReading")}
          </button>
        )}
      </div>
      <ul className="mt-1.5 flex flex-col gap-1.5 ps-[27px]">
        {entries.map((entry) => (
          <One
            key={entry.name}
            entry={entry}
            on={chosen.has(entry.name)}
            onChange={(next) => set([entry.name], next)}
          />
        ))}
      </ul>
    </section>
  );
}

function One({ entry, on, onChange }: { entry: Permission; on: boolean; onChange: (on: boolean) => void }) {
  const id = useId();
  return (
    <li className="flex items-start gap-2.5">
      <span className="mt-0.5">
        <Checkbox label={entry.name} checked={on} onChange={onChange} />
      </span>
      <span id={id} className="min-w-0 text-[12.5px]">
        <bdi lang="en" className="block text-ink-2">
          {entry.description}
        </bdi>
        <code className="block truncate font-mono text-mic text-muted" dir="ltr">
          {entry.name}
        </code>
      </span>
    </li>
  );
}
