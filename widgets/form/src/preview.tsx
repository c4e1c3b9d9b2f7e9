/** @jsxImportSource preact */
/**
 * The form as visitors get it, for whoever builds it: the same renderer and the same rules, in a frame of the console.
 * Nothing is sent anywhere. The console says what to show and hears how high that is.
 */
import { render } from "preact";
import { App, refocus } from "./app";
import { dress } from "./look";
import type { Colors } from "./frame";
import { Store } from "./store";
import ar from "./strings/ar.json";
import { adopt, direction } from "./text";
import type { Form } from "./types";

/** What the console says. */
export interface Show {
  upz: "show";
  form: Form;
  brand?: Colors | null;
  theme?: Colors | null;
  mode: "light" | "dark";
  lang: string;
  /** Begin anew: what was answered is forgotten. */
  fresh?: boolean;
}

/** What it hears. */
export type Told = { upz: "ready" } | { upz: "size"; height: number };

const WORDS: Record<string, Record<string, string>> = { ar };
const tell = (told: Told) => parent.postMessage(told, location.origin === "null" ? "*" : location.origin);
const root = document.getElementById("app") as HTMLElement;
const links: [] = [];
let store: Store | undefined;
let due = false;

const draw = () => {
  if (!store) return;
  render(<App store={store} mode="inline" links={links} />, root);
  refocus(store);
};

/** Answers by itself: a submission is thanked for, an upload is kept in mind. */
const api = {
  token: async () => "",
  act: async (action: string) => (action.startsWith("upload") ? { file: "preview" } : {}),
};

function begin(form: Form): Store {
  return new Store(form, api, { mark() {}, flush() {} }, {
    attr: {},
    prefill: {},
    changed() {
      if (due) return;
      due = true;
      queueMicrotask(() => {
        due = false;
        draw();
      });
    },
    event() {},
    online: () => true,
    back: async () => {},
    pause: async () => {},
    elapsed: () => 10_000,
  });
}

function show({ form, brand, theme, mode, lang, fresh }: Show): void {
  adopt(lang, WORDS[lang.split("-")[0] ?? ""] ?? {});
  document.documentElement.lang = lang;
  document.documentElement.dir = direction(lang);
  dress({ mode }, [brand, theme]);
  const draft = fresh || store?.phase === "done" ? undefined : store?.draft();
  store = begin(form);
  // An edit elsewhere must not take away what was typed here.
  if (draft) store.restore({ ...draft, sending: false, sent: undefined });
  draw();
}

document.body.style.margin = "0";
addEventListener("message", (event: MessageEvent<Show>) => {
  if (event.source === parent && event.data?.upz === "show") show(event.data);
});
new ResizeObserver(() => tell({ upz: "size", height: Math.ceil(root.getBoundingClientRect().height) })).observe(root);
tell({ upz: "ready" });
