import type { Schema } from "@/api/client";

/** What the administration hands to the console of agencies and clients. */
export interface Handover {
  started: Schema["Started"];
  place: string;
  by: "platform";
}

/** As the part of an address that no server is told. */
export function fragmentOf(handover: Handover): string {
  const bytes = new TextEncoder().encode(JSON.stringify(handover));
  return `#${btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "")}`;
}

/** Reads it; what is not one is nothing. */
export function readFragment(fragment: string): Handover | undefined {
  try {
    const text = atob(fragment.replace(/^#/, "").replaceAll("-", "+").replaceAll("_", "/"));
    const read: unknown = JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (char) => char.charCodeAt(0))));
    const { started, place, by } = read as Handover;
    const { impersonation, access_token, expires_in } = started;
    const whole =
      by === "platform" &&
      typeof place === "string" &&
      typeof access_token === "string" &&
      typeof expires_in === "number" &&
      typeof impersonation.id === "string" &&
      typeof impersonation.tenant === "string" &&
      typeof impersonation.reason === "string" &&
      typeof impersonation.impersonator === "string";
    return whole ? { started, place, by } : undefined;
  } catch {
    return undefined;
  }
}
