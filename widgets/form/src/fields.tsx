/** @jsxImportSource preact */
/** One component per kind of field. Every control is native, labelled and at least 44 pixels high. */
import type { ComponentChildren } from "preact";
import type { Store, Upload } from "./store";
import { digits, parseNumber, problem, size, t } from "./text";
import type { Field } from "./types";

let held = false;
const waiting: (() => void)[] = [];
/**
 * Runs `f` once no pointer is down. Pressing a button takes the focus from a field; if the field's error
 * appeared right then, the button would move away from under the finger and never be clicked.
 */
function settled(f: () => void): void {
  if (held) waiting.push(f);
  else f();
}
addEventListener(
  "pointerdown",
  () => {
    held = true;
  },
  true,
);
for (const up of ["pointerup", "pointercancel"])
  addEventListener(up, () => {
    held = false;
    setTimeout(() => {
      for (const f of waiting.splice(0)) f();
    });
  });

export interface Props {
  f: Field;
  store: Store;
}

const FILL: Record<string, string> = {
  first_name: "given-name",
  last_name: "family-name",
  name: "name",
  email: "email",
  phone: "tel",
  company: "organization",
};

/** Text with its bare https links made clickable; never markup. It reads in its own direction, whatever the form's. */
export function Rich({ text }: { text: string }) {
  return (
    <bdi>
      {text.split(/(https:\/\/[^\s<>"]+[^\s<>".,;:!?)])/).map((part, i) =>
        i % 2 ? (
          <a href={part} target="_blank" rel="noopener noreferrer">
            {part.replace(/^https:\/\/(www\.)?|\/$/g, "")}
          </a>
        ) : (
          part
        ),
      )}
    </bdi>
  );
}

const id = (f: Field) => `f-${f.key}`;

/** What assistive technology should say with the control. */
function aria({ f, store }: Props) {
  const wrong = store.errors[f.key];
  const about = [f.help && `${id(f)}-h`, wrong && `${id(f)}-e`].filter(Boolean).join(" ");
  return {
    "aria-describedby": about || undefined,
    "aria-invalid": wrong ? true : undefined,
    "aria-required": store.result.required.includes(f.key) || undefined,
  } as const;
}

const Label = ({ f, store }: Props) => (
  <>
    <bdi>{f.label || f.key}</bdi>
    {!store.result.required.includes(f.key) && <i> {t("optional")}</i>}
  </>
);

const Notes = ({ f, store, children }: Props & { children?: ComponentChildren }) => {
  const code = store.errors[f.key];
  return (
    <>
      {children}
      {code && (
        <p class="err" id={`${id(f)}-e`}>
          {problem(f, code)}
        </p>
      )}
    </>
  );
};

const Help = ({ f }: { f: Field }) =>
  f.help ? (
    <p class="help" id={`${id(f)}-h`}>
      <Rich text={f.help} />
    </p>
  ) : null;

function Input(p: Props) {
  const { f, store } = p;
  const v = store.answers[f.key];
  const type = f.type === "phone" ? "tel" : f.type === "email" || f.type === "date" ? f.type : "text";
  const props = {
    id: id(f),
    name: f.key,
    placeholder: f.placeholder || undefined,
    autocomplete: FILL[f.maps_to || ""] || (f.type === "email" ? "email" : f.type === "phone" ? "tel" : "on"),
    maxLength: f.max_length ? f.max_length * 2 : undefined,
    onBlur: () => {
      delete store.typed[f.key];
      settled(() => store.leave(f.key));
    },
    onInput: (e: Event) => {
      const text = (e.currentTarget as HTMLInputElement).value;
      if (f.type === "number") store.typed[f.key] = text;
      store.set(f.key, f.type === "number" ? parseNumber(text) : f.type === "phone" ? digits(text) : text);
    },
    ...aria(p),
  };
  const value = store.typed[f.key] ?? (v == null ? "" : `${v}`);
  return (
    <div class="f">
      <label for={id(f)}>
        <Label {...p} />
      </label>
      <Help f={f} />
      <Notes {...p}>
        {f.type === "long_text" ? (
          <textarea rows={4} value={value} {...props} />
        ) : (
          <input
            type={type as "text"}
            inputMode={f.type === "number" ? "decimal" : undefined}
            dir={type === "email" || type === "tel" ? "ltr" : undefined}
            value={value}
            {...props}
          />
        )}
      </Notes>
    </div>
  );
}

function Select(p: Props) {
  const { f, store } = p;
  const v = store.answers[f.key];
  return (
    <div class="f">
      <label for={id(f)}>
        <Label {...p} />
      </label>
      <Help f={f} />
      <Notes {...p}>
        <span class="sel">
          <select
            id={id(f)}
            name={f.key}
            class={v ? "" : "none"}
            onInput={(e) => store.set(f.key, e.currentTarget.value)}
            onBlur={() => settled(() => store.leave(f.key))}
            {...aria(p)}
          >
            <option value="" selected={!v}>
              {f.placeholder || t("choose")}
            </option>
            {f.options?.map((o) => (
              <option key={o.value} value={o.value} selected={v === o.value}>
                {o.label}
              </option>
            ))}
          </select>
        </span>
      </Notes>
    </div>
  );
}

function Group({ p, kind, children }: { p: Props; kind: string; children: ComponentChildren }) {
  const { f, store } = p;
  return (
    <fieldset
      class="f"
      id={id(f)}
      role={kind === "multi" ? undefined : "radiogroup"}
      onFocusOut={(e) => {
        if (!e.currentTarget.contains(e.relatedTarget as Node | null)) settled(() => store.leave(f.key));
      }}
      {...aria(p)}
    >
      <legend>
        <Label {...p} />
      </legend>
      <Help f={f} />
      <Notes {...p}>{children}</Notes>
    </fieldset>
  );
}

function Choice(p: Props) {
  const { f, store } = p;
  const many = f.type === "multi";
  const v = store.answers[f.key];
  const list = Array.isArray(v) ? (v as string[]) : [];
  const short = (f.options ?? []).every((o) => o.label.length < 24);
  return (
    <Group p={p} kind={f.type}>
      <div class={short ? "opts two" : "opts"}>
        {f.options?.map((o) => (
          <label class="opt" key={o.value}>
            <input
              type={many ? "checkbox" : "radio"}
              name={f.key}
              value={o.value}
              checked={many ? list.includes(o.value) : v === o.value}
              onChange={(e) =>
                store.set(
                  f.key,
                  many
                    ? (f.options ?? [])
                        .map((x) => x.value)
                        .filter((x) => (x === o.value ? e.currentTarget.checked : list.includes(x)))
                    : o.value,
                )
              }
            />
            <span>
              <bdi>{o.label}</bdi>
            </span>
          </label>
        ))}
      </div>
    </Group>
  );
}

function Rating(p: Props) {
  const { f, store } = p;
  const of = Math.max(1, Math.min(10, f.max ?? 5));
  const v = Number(store.answers[f.key]) || 0;
  return (
    <Group p={p} kind="rating">
      <div class={of > 5 ? "rate num" : "rate"}>
        {Array.from({ length: of }, (_, i) => i + 1).map((n) => (
          <label key={n} class={(of > 5 ? n === v : n <= v) ? "on" : ""}>
            <input
              type="radio"
              name={f.key}
              value={n}
              checked={n === v}
              aria-label={t("rating", { n, of })}
              onChange={() => store.set(f.key, n)}
            />
            {of > 5 ? (
              <span>{n}</span>
            ) : (
              <svg viewBox="0 0 24 24" aria-hidden="true">
                <path d="m12 3.2 2.7 5.6 6.1.8-4.5 4.2 1.1 6.1-5.4-3-5.4 3 1.1-6.1L3.2 9.6l6.1-.8z" />
              </svg>
            )}
          </label>
        ))}
      </div>
    </Group>
  );
}

function Tick(p: Props) {
  const { f, store } = p;
  const consent = f.type === "consent";
  return (
    <div class="f">
      <Notes {...p}>
        <label class={consent ? "tick" : "opt"}>
          <input
            type="checkbox"
            id={id(f)}
            name={f.key}
            checked={store.answers[f.key] === true}
            onChange={(e) => store.set(f.key, e.currentTarget.checked)}
            onBlur={() => settled(() => store.leave(f.key))}
            {...aria(p)}
          />
          <span>
            <Rich text={(consent && f.text) || f.label || f.key} />
            {!consent && !store.result.required.includes(f.key) && <i> {t("optional")}</i>}
          </span>
        </label>
      </Notes>
      <Help f={f} />
    </div>
  );
}

function Files(p: Props) {
  const { f, store } = p;
  const list = store.files[f.key] ?? [];
  const full = list.length >= (f.max_files ?? 1);
  const over = (e: DragEvent, on: boolean) => {
    e.preventDefault();
    (e.currentTarget as Element).classList.toggle("over", on);
  };
  const take = (files: FileList | null | undefined) => {
    for (const file of files ?? []) store.upload(f, file);
  };
  return (
    <div class="f">
      <label for={id(f)}>
        <Label {...p} />
      </label>
      <Help f={f} />
      <Notes {...p}>
        <ul class="files">
          {list.map((u: Upload) => (
            <li key={u}>
              <b>{u.name}</b>
              <span>{size(u.size)}</span>
              {!u.id && <progress value={u.part} aria-label={t("file_busy", u)} />}
              <button type="button" aria-label={t("file_remove", u)} onClick={() => store.drop(f, u)}>
                ×
              </button>
            </li>
          ))}
        </ul>
        <label
          class={full ? "vh" : "drop"}
          onDragOver={(e) => over(e, true)}
          onDragLeave={(e) => over(e, false)}
          onDrop={(e) => {
            over(e, false);
            take(e.dataTransfer?.files);
          }}
        >
          <input
            type="file"
            class="vh"
            id={id(f)}
            disabled={full}
            accept={f.accept?.join(",")}
            multiple={(f.max_files ?? 1) > 1}
            onChange={(e) => {
              take(e.currentTarget.files);
              // The same file may be chosen again after it was removed.
              e.currentTarget.value = "";
            }}
            {...aria(p)}
          />
          <b>{t(list.length ? "file_more" : "file_add")}</b>
          {f.max_bytes && <span>{t("file_hint", { size: size(f.max_bytes) })}</span>}
        </label>
      </Notes>
    </div>
  );
}

const Section = ({ f }: Props) => (
  <div class="sec" id={id(f)}>
    {f.label && (
      <h3>
        <bdi>{f.label}</bdi>
      </h3>
    )}
    {f.text && (
      <p>
        <Rich text={f.text} />
      </p>
    )}
  </div>
);

export function Control(p: Props) {
  switch (p.f.type) {
    case "section":
      return <Section {...p} />;
    case "select":
      return <Select {...p} />;
    case "radio":
    case "multi":
      return <Choice {...p} />;
    case "rating":
      return <Rating {...p} />;
    case "checkbox":
    case "consent":
      return <Tick {...p} />;
    case "file":
      return <Files {...p} />;
    default:
      return <Input {...p} />;
  }
}
