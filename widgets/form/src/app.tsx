/** @jsxImportSource preact */
/** The whole widget: heading, trajectory, the fields of one step, and what comes after sending. */
import { Control, Rich } from "./fields";
import type { Store } from "./store";
import { t } from "./text";

function Trajectory({ at, of, title }: { at: number; of: number; title: string }) {
  const here = t("step", { n: at + 1, of });
  return (
    <div class="traj">
      <p id="top" tabIndex={-1}>
        <span class="n">{here}</span>
        {title && <b>{title}</b>}
      </p>
      <span class="dots" aria-hidden="true">
        {Array.from({ length: of }, (_, i) => (
          <i key={i} class={i < at ? "past" : i === at ? "now" : ""} />
        ))}
      </span>
    </div>
  );
}

function Done({ store }: { store: Store }) {
  const o = store.outcome;
  const gone = o?.kind === "redirect";
  const words = o?.kind === "message" ? o : { title: "", body: "" };
  const body = gone ? t("leaving") : words.title ? words.body : words.body || t("thanks_body");
  return (
    <div class="done">
      <svg viewBox="0 0 48 48" aria-hidden="true">
        <circle cx="24" cy="24" r="23" />
        <path d="m15 24.5 6.5 6.5L33.5 18" />
      </svg>
      <h2 id="top" tabIndex={-1}>
        {words.title || t("thanks_title")}
      </h2>
      {body && (
        <p>
          <Rich text={body} />
        </p>
      )}
    </div>
  );
}

/** Moves the focus where the store wants it, once; true when that is the top of a new step. */
export function refocus(store: Store): boolean {
  const key = store.focus;
  if (key === undefined) return false;
  store.focus = undefined;
  const box = document.getElementById(key ? `f-${key}` : "top");
  const el = box?.matches("fieldset") ? box.querySelector("input") : box;
  (el as HTMLElement | null)?.focus({ preventScroll: !key });
  return !key;
}

interface Props {
  store: Store;
  mode: string;
  links: { label: string; url: string }[];
}

export function App({ store, mode, links }: Props) {
  const { form, phase, notice } = store;
  const steps = store.steps();
  const step = steps[store.index];
  const wrong = store.shown().filter((f) => store.errors[f.key]).length;
  const many = steps.length > 1;

  const said = notice ? t(notice.word, notice) : "";
  return (
    <section class={`upz-w ${mode}`} aria-label={form.title || undefined}>
      {phase === "done" ? (
        <Done store={store} />
      ) : phase === "closed" ? (
        <p class="shut" role="alert">
          {said}
        </p>
      ) : (
        <form
          noValidate
          onSubmit={(e) => {
            e.preventDefault();
            store.start();
            store.next();
          }}
          onFocusIn={(e) => (e.target as Element).matches("input,select,textarea") && store.start()}
          onInput={() => store.start()}
        >
          {(form.title || form.description) && (
            <header>
              {form.title && (
                <h2>
                  <bdi>{form.title}</bdi>
                </h2>
              )}
              {form.description && !store.index && (
                <p>
                  <Rich text={form.description} />
                </p>
              )}
            </header>
          )}
          {many ? (
            <Trajectory at={store.index} of={steps.length} title={step?.title || ""} />
          ) : (
            <span id="top" tabIndex={-1} />
          )}
          <div class="fields" key={step?.key} inert={phase === "sending"}>
            {store.shown().map((f) => (
              <Control key={f.key} f={f} store={store} />
            ))}
          </div>
          <input
            class="vh"
            tabIndex={-1}
            autocomplete="off"
            aria-hidden="true"
            name="upz_website"
            onInput={(e) => {
              store.honey = e.currentTarget.value;
            }}
          />
          <div role="alert">
            {wrong > 0 && <p class="sum">{t(wrong > 1 ? "errors" : "errors_one", { n: wrong })}</p>}
            {said && notice?.word !== "s_limit" && <p class="sum">{said}</p>}
          </div>
          {/* A countdown read out every second would drown everything else. */}
          {said && notice?.word === "s_limit" && <p class="sum wait">{said}</p>}
          <footer>
            {store.index > 0 && (
              <button type="button" class="sec-b" disabled={phase === "sending"} onClick={() => store.back()}>
                {t("back")}
              </button>
            )}
            <button type="submit" class="pri" dir="auto" aria-disabled={phase === "sending"}>
              {phase === "sending" && <span class="spin" aria-hidden="true" />}
              {phase === "sending"
                ? t("sending")
                : notice?.word === "s_failed"
                  ? t("retry")
                  : store.last
                    ? form.submit_label || t("submit")
                    : t("next")}
            </button>
          </footer>
        </form>
      )}
      {links[0] && (
        <p class="by">
          {links.map((l) => (
            <a href={/^https:/.test(l.url) ? l.url : undefined} target="_blank" rel="noopener noreferrer">
              <bdi>{l.label}</bdi>
            </a>
          ))}
        </p>
      )}
      <p class="vh" role="status">
        {phase === "sending"
          ? t("sending")
          : many && step
            ? `${t("step", { n: store.index + 1, of: steps.length })} ${step.title || ""}`
            : ""}
      </p>
    </section>
  );
}
