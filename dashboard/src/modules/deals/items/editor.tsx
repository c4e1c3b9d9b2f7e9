import { clsx } from "clsx";
import { Plus, Trash2 } from "lucide-react";
import { type FormEvent, type ReactNode, useId, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, hasStatus } from "@/api/problem";
import { useFormats } from "@/i18n/format";
import { sayProblem, sayThrown } from "@/i18n/problems";
import { Button, IconButton } from "@/ui/button";
import { Select } from "@/ui/field";
import { Trouble } from "@/ui/form";
import { inputHeight, inputLook } from "@/ui/input-look";
import { money } from "@/ui/money";
import { Sorted } from "@/ui/sorted";
import { useSortedWords } from "../sorting";
import {
  BILLINGS,
  emptyLine,
  type Field,
  type Line,
  MOST_LINES,
  type Read,
  readLine,
  sumOf,
  type Wrong,
} from "./model";

/** One row on wide screens, a few lines under each other on phones. */
const GRID =
  "grid items-start gap-x-2 md:grid-cols-[24px_minmax(0,1fr)_84px_112px_84px_104px_36px] md:coarse:grid-cols-[44px_minmax(0,1fr)_84px_112px_84px_104px_44px]";

/** What is sold, as it is written: what it costs is said while it is typed. */
export function ItemsEditor(props: {
  lines: readonly Line[];
  currency: string;
  error: unknown;
  /** Somebody else saved first: takes what he wrote. */
  theirs?: () => void;
  onChange: (lines: Line[]) => void;
  onSave: (lines: Read[]) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { locale } = useFormats();
  const words = useSortedWords();
  const form = useRef<HTMLFormElement>(null);
  const [tried, setTried] = useState(false);
  const { lines, currency, error, theirs, onChange } = props;
  const read = lines.map((line) => readLine(line, currency, locale));
  const said = refusals(error);
  const all = read.map((one) => one.read).filter((one) => one !== undefined);
  const sum = all.length === lines.length ? sumOf(all) : undefined;
  const nameOf = (key: string) => {
    const index = lines.findIndex((line) => line.key === key);
    return lines[index]?.name.trim() || t("deals.items.line", { n: index + 1 });
  };
  const set = (index: number, change: Partial<Line>) => {
    const old = lines[index];
    if (old) onChange(lines.toSpliced(index, 1, { ...old, ...change }));
  };
  /** After the change is drawn. */
  const focus = (index: number) =>
    requestAnimationFrame(() => form.current?.querySelectorAll<HTMLElement>("[data-name]")[index]?.focus());
  const add = () => {
    onChange([...lines, emptyLine()]);
    focus(lines.length);
  };
  const remove = (index: number) => {
    onChange(lines.toSpliced(index, 1));
    focus(Math.max(0, index - 1));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (read.every(({ wrong }) => Object.keys(wrong).length === 0) && sum !== undefined) return props.onSave(all);
    setTried(true);
    requestAnimationFrame(() => form.current?.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
  };
  const heads = ["name", "quantity", "price", "discount", "total"] as const;
  return (
    <form ref={form} noValidate aria-label={t("deals.items.title")} onSubmit={submit} className="px-3 pb-4">
      <div aria-hidden="true" className={clsx(GRID, "border-line border-b pb-1.5 text-cap text-muted max-md:hidden")}>
        <span />
        {heads.map((head) => (
          <span key={head} className={head === "name" ? "ps-1" : "pe-1 text-end"}>
            {t(`deals.items.${head}`)}
          </span>
        ))}
      </div>
      <Sorted
        ids={lines.map(({ key }) => key)}
        nameOf={nameOf}
        words={words}
        onMove={(from, to) => {
          const one = lines[from];
          if (one) onChange(lines.toSpliced(from, 1).toSpliced(to, 0, one));
        }}
      >
        {(key, grip) => {
          const index = lines.findIndex((line) => line.key === key);
          const line = lines[index];
          const one = read[index];
          if (!line || !one) return null;
          return (
            <Row
              line={line}
              name={nameOf(key)}
              wrong={{ ...(tried && one.wrong), ...said[index] }}
              total={one.read && money(one.read.total, currency, locale)}
              grip={grip}
              onChange={(change) => set(index, change)}
              onRemove={() => remove(index)}
            />
          );
        }}
      </Sorted>
      <div className="flex flex-wrap items-center gap-3 border-line border-t px-1 pt-3">
        <Button size="small" icon={<Plus />} onClick={add} disabled={lines.length >= MOST_LINES}>
          {t("deals.items.add")}
        </Button>
        <p role="status" className="num ms-auto text-[13.5px]">
          {t("deals.items.sum")}{" "}
          <b className="ms-2 text-[15px] font-[590]">
            {sum === undefined ? "–" : lines.length === 0 ? t("deals.items.asItWas") : money(sum, currency, locale)}
          </b>
        </p>
      </div>
      {tried && all.length === lines.length && sum === undefined && (
        <p className="mt-2 px-1 text-cap text-danger-text">{sayProblem("amount_range")}</p>
      )}
      {Boolean(error) && said.length === 0 && (
        <div className="mt-3 px-1">
          <Trouble>{hasStatus(error, 412) ? t("deals.items.newer") : sayThrown(error)}</Trouble>
        </div>
      )}
      <footer className="mt-3 flex flex-wrap justify-end gap-2 px-1">
        {theirs && (
          <Button onClick={theirs} className="me-auto">
            {t("deals.items.theirs")}
          </Button>
        )}
        <Button look="ghost" onClick={props.onClose}>
          {t("action.cancel")}
        </Button>
        <Button type="submit" look="primary">
          {t("action.save")}
        </Button>
      </footer>
    </form>
  );
}

/** What the server says of single lines, by their place. */
function refusals(error: unknown): Wrong[] {
  const wrong: Wrong[] = [];
  if (!(error instanceof ApiProblem)) return wrong;
  for (const { field, code } of error.fields) {
    const [, index, name] = /^\/items\/(\d+)\/(\w+)$/.exec(field) ?? [];
    if (index !== undefined) wrong[Number(index)] = { ...wrong[Number(index)], [name as Field]: code };
  }
  return wrong;
}

function Row(props: {
  line: Line;
  name: string;
  wrong: Wrong;
  total: string | undefined;
  grip: ReactNode;
  onChange: (change: Partial<Line>) => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const { line, wrong, onChange } = props;
  const number = { inputMode: "decimal", dir: "ltr", className: "text-end" } as const;
  return (
    <div
      className={clsx(
        GRID,
        "bg-surface py-2 max-md:grid-cols-[44px_minmax(0,1fr)_minmax(0,1fr)_44px] max-md:gap-y-2 max-md:border-line max-md:border-b max-md:py-3",
      )}
    >
      <span className="flex h-[38px] items-center max-md:h-11 max-md:self-end">{props.grip}</span>
      <Cell
        label={t("deals.items.name")}
        of={props.name}
        wrong={wrong.name}
        value={line.name}
        maxLength={200}
        dir="auto"
        data-name=""
        frame="max-md:col-span-2"
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <Cell
        {...number}
        label={t("deals.items.quantity")}
        of={props.name}
        wrong={wrong.quantity}
        value={line.quantity}
        maxLength={16}
        frame="max-md:order-1 max-md:col-start-2"
        onChange={(event) => onChange({ quantity: event.target.value })}
      />
      <Cell
        {...number}
        label={t("deals.items.price")}
        of={props.name}
        wrong={wrong.unit_price}
        value={line.price}
        maxLength={24}
        frame="max-md:order-1"
        onChange={(event) => onChange({ price: event.target.value })}
      />
      <Cell
        {...number}
        label={t("deals.items.discount")}
        of={props.name}
        wrong={wrong.discount}
        value={line.discount}
        maxLength={8}
        frame="max-md:order-2 max-md:col-start-2"
        onChange={(event) => onChange({ discount: event.target.value })}
      />
      <p className="num flex min-h-[38px] items-center justify-end pe-1 text-[13.5px] font-[540] max-md:order-2 max-md:min-h-11 max-md:self-end">
        <span className="sr-only">{t("deals.items.total")}</span> {props.total ?? "–"}
      </p>
      <span className="flex h-[38px] items-center justify-end max-md:h-11 max-md:self-end">
        <IconButton small label={t("deals.items.remove", { name: props.name })} onClick={props.onRemove}>
          <Trash2 />
        </IconButton>
      </span>
      <Term line={line} name={props.name} wrong={wrong} onChange={onChange} />
    </div>
  );
}

/** How often it is paid, and from when until when. */
function Term(props: { line: Line; name: string; wrong: Wrong; onChange: (change: Partial<Line>) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const { line, wrong, onChange } = props;
  return (
    <div className="flex flex-wrap gap-2 pt-1 max-md:order-3 max-md:col-[2/span_2] md:col-[2/span_5]">
      <div className="min-w-0 max-md:w-full md:w-40">
        <label htmlFor={id} className="mb-1 block text-cap text-muted">
          {t("deals.items.billing")} <span className="sr-only">{props.name}</span>
        </label>
        <Select
          id={id}
          value={line.billing}
          onChange={(event) => onChange({ billing: event.target.value as Line["billing"] })}
          className="ps-2.5!"
        >
          {BILLINGS.map((billing) => (
            <option key={billing} value={billing}>
              {t(`deals.items.paid.${billing}`)}
            </option>
          ))}
        </Select>
      </div>
      {(["starts", "ends"] as const).map((end) => (
        <Cell
          key={end}
          type="date"
          told
          label={t(`deals.items.${end}`)}
          of={props.name}
          wrong={end === "starts" ? wrong.starts_on : wrong.ends_on}
          value={line[end]}
          frame="max-md:w-full md:w-40"
          onChange={(event) => onChange({ [end]: event.target.value })}
        />
      ))}
    </div>
  );
}

function Cell({
  label,
  of,
  wrong,
  frame,
  told,
  className,
  ...rest
}: React.ComponentProps<"input"> & {
  label: string;
  of: string;
  wrong?: string | undefined;
  frame?: string;
  /** Its label is seen on wide screens too. */
  told?: boolean;
}) {
  const id = useId();
  return (
    <div className={clsx("min-w-0", frame)}>
      <label htmlFor={id} className={clsx("mb-1 block text-cap text-muted", !told && "md:sr-only")}>
        {label} <span className="sr-only">{of}</span>
      </label>
      <input
        {...rest}
        id={id}
        autoComplete="off"
        aria-invalid={wrong ? true : undefined}
        aria-describedby={wrong ? `${id}-say` : undefined}
        className={clsx(inputLook, inputHeight, "px-2.5!", className)}
      />
      {wrong && (
        <p id={`${id}-say`} className="mt-1 text-cap text-danger-text">
          {sayProblem(wrong)}
        </p>
      )}
    </div>
  );
}
