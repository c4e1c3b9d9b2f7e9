import { lazy } from "react";
import { useTranslation } from "react-i18next";
import type { Me } from "@/app/may";
import { DockBar } from "./dock-bar";
import { placesOf } from "./places";

const load = () => import("./more");
const More = lazy(async () => ({ default: (await load()).More }));

/** On phones: the first four places within reach of a thumb, and a way to all of them. */
export function Dock({ me }: { me: Me }) {
  const { t } = useTranslation();
  const tabs = placesOf(me)
    .filter(({ wide }) => !wide)
    .slice(0, 4)
    .map(({ label, ...place }) => ({ ...place, name: t(`nav.${label}`) }));
  return <DockBar tabs={tabs} home="/" load={load} sheet={(sheet) => <More me={me} {...sheet} />} />;
}
