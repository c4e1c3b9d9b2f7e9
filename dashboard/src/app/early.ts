import { session } from "@/api/session";
import { onAdmin } from "./where";

/** Where nobody works yet: he is on his way in. */
const DOORS = /^\/(sign-|forgot-|reset-|verify-|accept-|enter)/;

/** What most visits begin with. The router asks for a page's parts only when it knows who asks; here they are asked for at once. */
const PAGES: [at: RegExp, parts: () => Promise<unknown>[]][] = [
  [/^\/$/, () => [import("@/modules/home/page"), import("@/modules/home/words/en")]],
  [
    /^\/contacts\/?$/,
    () => [
      import("@/modules/contacts/list/ahead"),
      import("@/modules/contacts/page"),
      import("@/modules/contacts/words/en"),
      import("@/modules/fields/words/en"),
    ],
  ],
  [/^\/contacts\/con_/, () => [import("@/modules/contacts/contact-page"), import("@/modules/contacts/words/en")]],
  [/^\/deals\/?$/, () => [import("@/modules/deals/page"), import("@/modules/deals/words/en")]],
];

// Nothing behind the sign-in can be asked for before this is answered. `trade.js` has asked by now: its answer is taken over here.
if (!onAdmin && !DOORS.test(location.pathname) && session.expected) {
  void session.token().catch(() => undefined);
  const page = PAGES.find(([at]) => at.test(location.pathname));
  // Who cannot have them now is told so by the page itself.
  void Promise.all([import("@/shell/shell"), import("@/shell/words/en"), ...(page?.[1]() ?? [])]).catch(
    () => undefined,
  );
}
