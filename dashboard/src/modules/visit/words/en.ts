declare module "@/i18n/words" {
  interface Words {
    visit: typeof words;
  }
}

export const words = {
  enter: "Enter",
  enterOne: "Enter {{name}}",
  sees: "You will see what {{name}} sees",
  seesAdmin: "You will see what their admin sees",
  place: "In whose place",
  whole: "Their admin",
  mode: "What you may do",
  look: "Look only",
  lookText: "No changes, no messages",
  act: "Act for them",
  actText: "Changes carry your name",
  reason: "Reason, kept in both audit logs",
  reasonPlaceholder: "Ticket 1187, form broken",
  ends_one: "Ends by itself after {{count}} minute",
  ends_other: "Ends by itself after {{count}} minutes",
  banner: "Inside a client",
  inside: "You are inside {{place}}",
  as: "as {{person}}.",
  asOf: "as {{person}}, {{agency}}.",
  lookMode: "Look only.",
  actMode: "Acting for them.",
  left: "left",
  timeLeft: "Time left",
  leave: "Leave",
  remaining_one: "{{count}} second left in {{place}}",
  remaining_other: "{{count}} seconds left in {{place}}",
  leftPlace: "Left {{place}}",
  timeUp: "Your time in {{place}} is over",
  endedElsewhere: "Your visit to {{place}} was ended",
  backNow: "You are back where you came from.",
};
