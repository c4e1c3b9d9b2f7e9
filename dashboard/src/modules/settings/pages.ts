/** The pages of the settings come together: each is small, and whoever opens one opens another. */
export { ApiKeysPage } from "@/modules/apikeys/page";
export { StagesPage } from "@/modules/contacts/stages/page";
export { FollowUpsPage } from "@/modules/followups/settings/page";
export { MailsPage } from "@/modules/mails/page";
export { DomainsPage } from "@/modules/origins/page";
export { PrivacyPage } from "@/modules/privacy/page";
export { WebhooksPage } from "@/modules/webhooks/page";
export { WebhookPage } from "@/modules/webhooks/webhook-page";
export { SettingsFrame } from "./frame";
export { GeneralPage } from "./general";
export { SettingsIndex } from "./index-page";
export { PlanPage } from "./plan";
export { StoragePage } from "./storage";
