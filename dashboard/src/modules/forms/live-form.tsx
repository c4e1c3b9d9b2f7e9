import type { Show, Told } from "@widget/preview";
import script from "@widget/preview.tsx?worker&url";
import style from "@widget/style.css?url";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { brand } from "./data";

// The frame has no address of its own and so obeys the console's policy: only files of the console run in it.
const page = `<!doctype html><html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="stylesheet" href="${style}"></head><body><main id="app"></main><script type="module" src="${script}"></script></body></html>`;

/** The form as visitors get it, to be filled in: their own program in a frame. Nothing is sent. */
export function LiveForm(props: {
  title: string;
  form: Show["form"];
  theme: Record<string, string>;
  mode: "light" | "dark";
  language: string;
  /** Another number begins anew. */
  round?: number;
  className?: string;
}) {
  const { form, theme, mode, language, round = 0 } = props;
  const frame = useRef<HTMLIFrameElement>(null);
  const [ready, setReady] = useState(0);
  const [height, setHeight] = useState(240);
  const { data, isPending } = useQuery(brand);
  const colors = data?.colors as Show["brand"];
  const last = useRef(round);
  useEffect(() => {
    const hear = (event: MessageEvent<Told>) => {
      if (event.source !== frame.current?.contentWindow) return;
      if (event.data.upz === "ready") setReady((n) => n + 1);
      else if (event.data.upz === "size") setHeight(Math.max(120, event.data.height));
    };
    addEventListener("message", hear);
    return () => removeEventListener("message", hear);
  }, []);
  useEffect(() => {
    if (!ready || isPending) return;
    const show: Show = { upz: "show", form, brand: colors, theme: theme as Show["theme"], mode, lang: language };
    if (last.current !== round) show.fresh = true;
    last.current = round;
    frame.current?.contentWindow?.postMessage(show, "*");
  }, [ready, isPending, form, colors, theme, mode, language, round]);
  return (
    <iframe
      ref={frame}
      title={props.title}
      srcDoc={page}
      style={{ height }}
      className={`block w-full border-0 ${props.className ?? ""}`}
    />
  );
}
