import { Section } from "@/modules/settings/section";
import { Hours } from "./hours";
import { DaysOff } from "./holidays";
import { Rules } from "./rules";
import { Sequences } from "./sequences";

/** What starts follow-ups, what they are made of, and when people work. */
export function FollowUpsPage() {
  return (
    <Section id="followups">
      <Rules />
      <Sequences />
      <Hours />
      <DaysOff />
    </Section>
  );
}
