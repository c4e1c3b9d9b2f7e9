import type { TFunction } from "i18next";
import type { Delivery } from "./data";

/** Why a call did not arrive and who can do something about it, in one sentence; nothing when it arrived. */
export function explain({ state, status, error }: Delivery, t: TFunction): string | undefined {
  if (state === "dropped") return t("webhooks.why.dropped");
  if (status != null && status >= 200 && status < 300) return undefined;
  if (status == null) {
    if (!error) return undefined;
    if (/time|deadline|elapsed/i.test(error)) return t("webhooks.why.slow");
    if (/dns|resolve|lookup|no public address/i.test(error)) return t("webhooks.why.name");
    if (/certificate|tls|ssl/i.test(error)) return t("webhooks.why.certificate");
    return t("webhooks.why.unreachable");
  }
  if (status === 410) return t("webhooks.why.gone");
  if (status === 401 || status === 403) return t("webhooks.why.refused");
  if (status === 404) return t("webhooks.why.missing");
  if (status === 429) return t("webhooks.why.busy");
  if (status >= 300 && status < 400) return t("webhooks.why.moved");
  if (status >= 500) return t("webhooks.why.broken");
  return t("webhooks.why.other", { status });
}
