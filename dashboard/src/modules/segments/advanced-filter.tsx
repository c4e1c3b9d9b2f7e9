import { Braces } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Opened } from "@/ui/opened";
import { ChipFrame } from "../contacts/filters/chip";
import { rulesOf, written } from "./advanced";
import type { ListOf, Rule } from "./catalogue";
import { useSentence } from "./sentence";

/** Brings the editor of rules, which a list that is not narrowed so does without. */
const AdvancedDialog = lazy(async () => ({ default: (await import("./advanced-dialog")).AdvancedDialog }));

/** Conditions with "and" and "or" in each other that the list is narrowed to, each a chip that says them, and a way to begin. */
export function AdvancedFilters(props: {
  filter: readonly string[];
  onChange: (next: string[]) => void;
  /** Which list, when it is not that of contacts. */
  of?: ListOf;
}) {
  const { t } = useTranslation();
  const { filter, onChange, of } = props;
  /** The filter that is edited; nothing for a new one. */
  const [editing, setEditing] = useState<{ text?: string }>();
  const set = filter.flatMap((text) => {
    const rule = rulesOf(text);
    return rule ? [{ text, rule }] : [];
  });
  return (
    <>
      {set.map(({ text, rule }) => (
        <RulesChip
          key={text}
          rule={rule}
          of={of}
          onOpen={() => setEditing({ text })}
          onClear={() => onChange(filter.filter((other) => other !== text))}
        />
      ))}
      <button
        type="button"
        onClick={() => setEditing({})}
        className="inline-flex h-8 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-[8px] px-2 text-sm text-muted hover:bg-hover hover:text-ink max-md:h-11 coarse:h-11"
      >
        <Braces aria-hidden="true" className="size-4" />
        {t("segments.advanced")}
      </button>
      <Opened open={editing !== undefined}>
        <Suspense>
          <AdvancedDialog
            open={editing !== undefined}
            of={of}
            rule={set.find(({ text }) => text === editing?.text)?.rule}
            onClose={() => setEditing(undefined)}
            onApply={(rule) => {
              const next = written(rule);
              const others = filter.filter((other) => other !== editing?.text && other !== next);
              setEditing(undefined);
              onChange([...others, next]);
            }}
          />
        </Suspense>
      </Opened>
    </>
  );
}

/** What the list is narrowed to, said; the names in it are asked for only then. */
function RulesChip(props: { rule: Rule; of: ListOf | undefined; onOpen: () => void; onClear: () => void }) {
  const { t } = useTranslation();
  const { rule, of, onOpen, onClear } = props;
  const said = useSentence(of)(rule);
  return (
    <ChipFrame label={t("segments.advanced")} set onClear={onClear}>
      <button
        type="button"
        title={said}
        onClick={onOpen}
        className="inline-flex h-full items-center gap-1.5 whitespace-nowrap rounded-[8px] px-2.5"
      >
        <span className="sr-only">{t("segments.advanced")}</span>
        <Braces aria-hidden="true" className="size-3.5 text-muted" />
        <b dir="auto" className="max-w-72 truncate font-[570]">
          {said}
        </b>
      </button>
    </ChipFrame>
  );
}
