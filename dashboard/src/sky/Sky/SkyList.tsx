import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Formats } from "../base/formats";
import { ms } from "../base/time";
import type { SkyDay } from "./geometry";

interface SkyListProps {
  day: SkyDay;
  format: Formats;
  onOpen: (href: string) => void;
  onClose: () => void;
}

/** The same day as a list, in the order of time; what a keyboard and a screen reader use. */
export function SkyList({ day, format, onOpen, onClose }: SkyListProps) {
  const { t } = useTranslation("translation", { keyPrefix: "sky" });
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const now = ms(day.now);
  const rows = [
    ...day.stars.map((star) => ({ ...star, word: t(`today.kind.${star.kind}`), count: star.count ?? 1 })),
    ...day.bodies.map((body) => ({ ...body, word: t("today.appointment"), count: 1 })),
  ].sort((a, b) => ms(a.at) - ms(b.at));
  return (
    <section
      ref={panel}
      className="sky-list"
      tabIndex={-1}
      aria-label={t("today.listLabel")}
      onKeyDown={(event) => event.key === "Escape" && onClose()}
    >
      {rows.length === 0 && <p>{t("today.none")}</p>}
      <ol>
        {rows.map(({ id, at, title, word, href, count }) => {
          const text = (
            <>
              <span className="sky-list-word">{word}</span> <bdi>{title}</bdi>
              {count > 1 && ` × ${count}`}
              {ms(at) > now && <span className="sky-list-word"> {t("today.toCome")}</span>}
            </>
          );
          return (
            <li key={id}>
              <time dateTime={new Date(ms(at)).toISOString()}>{format.time(ms(at))}</time>
              {href ? (
                <a
                  href={href}
                  onClick={(event) => {
                    event.preventDefault();
                    onOpen(href);
                  }}
                >
                  {text}
                </a>
              ) : (
                <span>{text}</span>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}
