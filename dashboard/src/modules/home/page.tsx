import { Mark } from "@/ui/mark";
import { Panel } from "@/ui/panel";

export function HomePage() {
  return (
    <main className="mx-auto max-w-xl p-7">
      <Panel title="Upzento" note="The console">
        <Mark className="size-8" />
      </Panel>
    </main>
  );
}
