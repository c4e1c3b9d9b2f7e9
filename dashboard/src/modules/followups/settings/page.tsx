import { useQuery } from "@tanstack/react-query";
import { stages } from "@/modules/contacts/data";
import { Section } from "@/modules/settings/section";
import { Panel } from "@/ui/panel";
import { SkeletonRows } from "@/ui/states";
import { holidays, memberHours, rules, sequences, workingTime } from "../data";
import { DaysOff } from "./holidays";
import { Hours } from "./hours";
import { MemberTime } from "./member-time";
import { Rules } from "./rules";
import { Sequences } from "./sequences";

/** What starts follow-ups, what they are made of, and when people work. All of it appears at once: no part pushes another away. */
export function FollowUpsPage() {
  const asked = [
    useQuery(rules),
    useQuery(sequences),
    useQuery(workingTime),
    useQuery(holidays),
    useQuery(memberHours),
    useQuery(stages),
  ];
  return (
    <Section id="followups">
      {asked.some(({ isPending }) => isPending) ? (
        <Panel bare>
          <SkeletonRows rows={8} tall />
        </Panel>
      ) : (
        <>
          <Rules />
          <Sequences />
          <Hours />
          <DaysOff />
          <MemberTime />
        </>
      )}
    </Section>
  );
}
