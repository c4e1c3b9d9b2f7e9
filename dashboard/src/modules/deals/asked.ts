import type { QueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { fieldsOf } from "@/modules/fields/fields-of";

/** What fields are called that a stage asks for, each once; `/custom/seats` is one that the tenant defined. */
export async function namesOf(pointers: readonly string[], cache: QueryClient, t: TFunction): Promise<string[]> {
  const asked = [...new Set(pointers)];
  const isOwn = (pointer: string) => pointer.startsWith("/custom/");
  const own = asked.some(isOwn) ? (await cache.fetchQuery(fieldsOf("deal"))).items : [];
  return asked.map((pointer) => {
    if (!isOwn(pointer)) return t(`deals.field.${pointer.slice(1)}` as "deals.field.amount");
    const key = pointer.slice("/custom/".length);
    return own.find((field) => field.key === key)?.label ?? key;
  });
}
