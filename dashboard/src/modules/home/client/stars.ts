import i18next, { type TFunction } from "i18next";
import type { Constellation, SkyBody } from "@/sky/Sky/geometry";
import type { StarEvent } from "@/sky/Sky/merge";
import type { Day, DayStar, Planned } from "../data";

/** What happened, in the reader's language where the kind is known. */
export function titleOf(star: DayStar, t: TFunction): string | undefined {
  if (!star.event) return undefined;
  const key = `home.star.${star.event.replaceAll(".", "_")}`;
  return i18next.exists(key) ? t(key as "home.star.contact_created") : (star.title ?? undefined);
}

/** Where a star leads: to the contact it is about, or to the answer. */
export function hrefOf(star: DayStar, has: (path: string) => boolean): string | undefined {
  if (star.contact && has("/contacts/$id")) return `/contacts/${star.contact}`;
  if (star.subject === "submissions" && star.subject_id && has("/submissions/$id"))
    return `/submissions/${star.subject_id}`;
  return undefined;
}

/** The day in the words of the drawing. */
export function starsOf(day: Day, t: TFunction, has: (path: string) => boolean): StarEvent[] {
  return day.stars.map((star) => {
    const href = hrefOf(star, has);
    const title = [titleOf(star, t), star.name].filter(Boolean).join(", ");
    return {
      id: star.id,
      at: star.at,
      kind: star.kind,
      weight: star.weight,
      count: star.count,
      ...(href && { href }),
      ...(title && { title }),
    };
  });
}

/** What has its time stands on the planet's edge, with whom it is. */
export const bodiesOf = (planned: readonly Planned[]): SkyBody[] =>
  planned.map(({ id, at, title, name, href }) => ({ id, at, title: [title, name].filter(Boolean).join(", "), href }));

export function constellationOf(day: Day, t: TFunction): Constellation | undefined {
  const { busiest } = day;
  if (!busiest || busiest.stars.length < 2) return undefined;
  return {
    contactId: busiest.contact,
    label: busiest.name,
    note: t("home.touches", { count: busiest.touches }),
    eventIds: busiest.stars,
  };
}

/**
 * The sun moves once a minute, and clocks of browser and server differ: what is in the log has happened, so no star of
 * it lies after now.
 */
export const nowAmong = (day: Day | undefined, minute: number): number =>
  (day?.stars ?? []).reduce((latest, star) => Math.max(latest, Date.parse(star.at)), minute);
