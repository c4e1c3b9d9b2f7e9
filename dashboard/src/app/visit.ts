import { useSyncExternalStore } from "react";
import { session } from "@/api/session";
import type { Visit } from "@/api/visit";

const current = (): Visit | undefined => (session.state.kind === "in" ? session.state.visit : undefined);

/** The client that this tab is inside of, if any. */
export const useVisit = (): Visit | undefined => useSyncExternalStore(session.subscribe, current);

const looks = () => current()?.readOnly === true;

/** Whether somebody only looks: controls that change something are there, switched off, and say why. */
export const useReadOnly = (): boolean => useSyncExternalStore(session.subscribe, looks);
