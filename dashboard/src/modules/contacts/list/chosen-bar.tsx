import { lazy, Suspense, useDeferredValue, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { later } from "@/app/idle";
import { useShortcuts } from "@/app/keys";
import type { Listed } from "../search";
import { type Chosen, useContacts, useEverything } from "./chosen";

const load = () => import("../bulk/bar");
const BulkBar = lazy(async () => ({ default: (await load()).BulkBar }));

/**
 * What can be done with chosen rows. Whoever chooses one sees that at once: the bar, which is large, is drawn behind it, and its
 * program is there before anybody asks for it.
 */
export function ChosenBar({ chosen, what, settled }: { chosen: Chosen; what: Listed; settled: boolean }) {
  const { t } = useTranslation();
  const contacts = useDeferredValue(useContacts(chosen));
  const everything = useDeferredValue(useEverything(chosen));
  const some = everything !== undefined || contacts.size > 0;
  useEffect(() => (settled ? later(() => void load().catch(() => undefined), 500) : undefined), [settled]);
  useShortcuts(some ? [{ keys: "Escape", label: t("contacts.clearSelection"), run: chosen.clear }] : []);
  return <Suspense>{some && <BulkBar {...{ chosen, what, contacts, everything }} />}</Suspense>;
}
