import { act, fireEvent, render, renderHook, screen } from "@testing-library/react";
import fc from "fast-check";
import { beforeAll, expect, test, vi } from "vitest";
import * as z from "zod/mini";
import { ApiProblem } from "@/api/problem";
import { startLanguage } from "@/i18n";
import { bring } from "@/i18n/words";
import { TextField } from "@/ui/field";
import { useServerForm } from "@/ui/form";
import { mergeOf, useBased, useDraftOf } from "@/ui/merge";
import { Newer } from "@/ui/newer";

beforeAll(async () => {
  await startLanguage("en");
  await bring("shell");
});

test("both changes stand; what both changed differently is told, and what was typed here stays", () => {
  const value = fc.oneof(fc.constantFrom("", "a", "b"), fc.array(fc.constantFrom("x", "y"), { maxLength: 2 }));
  const record = fc.record({ name: value, note: value, tags: value });
  const is = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  fc.assert(
    fc.property(record, record, record, (before, here, theirs) => {
      const { values, newer } = mergeOf(before, here, theirs);
      for (const key of ["name", "note", "tags"] as const) {
        const [mine, other] = [!is(here[key], before[key]), !is(theirs[key], before[key])];
        expect(values[key]).toEqual(mine ? here[key] : theirs[key]);
        expect(key in newer).toBe(mine && other && !is(here[key], theirs[key]));
      }
    }),
  );
});

test("half a date of each is a day that nobody meant", () => {
  const before = { day: "1", month: "1", label: "" };
  const merged = mergeOf(before, { ...before, day: "2" }, { ...before, month: "3", label: "x" }, ["day", "month"]);
  expect(merged.values).toEqual({ day: "2", month: "1", label: "x" });
  expect(merged.newer).toEqual({ month: "3" });
});

interface Team {
  version: number;
  name: string;
  members: string[];
}
const valuesOf = ({ name, members }: Team) => ({ name, members });
const schema = z.object({ name: z.string(), members: z.array(z.string()) });

/** A server that refuses every version but its own. */
function served(team: Team) {
  let held = team;
  const send = vi.fn(async (base: Team, values: { name: string; members: string[] }) => {
    if (base.version !== held.version) throw new ApiProblem(412, "stale", "It was changed meanwhile.");
    held = { ...values, version: held.version + 1 };
    return held;
  });
  return {
    how: { send, read: async () => held },
    /** Somebody else saves. */
    elsewhere: (next: Partial<Team>) => {
      held = { ...held, ...next, version: held.version + 1 };
    },
    now: () => held,
  };
}

function Form({ team, server }: { team: Team; server: ReturnType<typeof served> }) {
  const { newer, update, theirs } = useBased(team, valuesOf);
  const { form, onSubmit, trouble } = useServerForm({
    schema,
    defaults: valuesOf(team),
    submit: async (values) => {
      await update(form, values, server.how);
    },
  });
  return (
    <form onSubmit={onSubmit} noValidate>
      {trouble}
      <Newer of={newer} label={(key) => key} texts={["name"]} onTheirs={() => theirs(form)} />
      <TextField form={form} name="name" label="Name" />
      <button type="submit">Save</button>
    </form>
  );
}

const START: Team = { version: 1, name: "North", members: ["ada"] };
const type = (value: string) => fireEvent.change(screen.getByLabelText("Name"), { target: { value } });
const press = (name: string) => act(async () => fireEvent.click(screen.getByText(name)));

test("somebody else changed another field: one press saves, and both changes are kept", async () => {
  const server = served(START);
  render(<Form team={START} server={server} />);
  type("Northern");
  server.elsewhere({ members: ["ada", "noor"] });
  await press("Save");
  expect(server.now()).toEqual({ version: 3, name: "Northern", members: ["ada", "noor"] });
  expect(screen.queryByRole("alert")).toBeNull();
});

test("somebody else changed the same: nothing is overwritten before whoever typed has seen it", async () => {
  const server = served(START);
  render(<Form team={START} server={server} />);
  type("Northern");
  server.elsewhere({ name: "Arctic" });
  await press("Save");
  expect(server.now().name).toBe("Arctic");
  expect(screen.getByRole("alert").textContent).toMatch(/Somebody else changed this/);
  expect(screen.getByText("Changed elsewhere, too: name: Arctic")).toBeTruthy();
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Northern");
  await press("Save");
  expect(server.now().name).toBe("Northern");
  // The next one begins with what was saved.
  type("Nordic");
  server.elsewhere({ name: "Polar" });
  await press("Save");
  await press("Take theirs");
  expect(screen.getByLabelText<HTMLInputElement>("Name").value).toBe("Polar");
  expect(screen.queryByText(/Changed elsewhere/)).toBeNull();
});

test("what is put together shows what others save until it is touched, and then keeps what was touched", async () => {
  const server = served(START);
  const { result, rerender } = renderHook(({ team }) => useDraftOf(team, valuesOf), { initialProps: { team: START } });
  server.elsewhere({ name: "Arctic" });
  rerender({ team: server.now() });
  expect(result.current.draft.name).toBe("Arctic");
  expect(result.current.touched).toBe(false);

  act(() => result.current.setDraft((now) => ({ ...now, name: "Mine" })));
  server.elsewhere({ members: [] });
  rerender({ team: server.now() });
  expect(result.current.draft).toEqual({ name: "Mine", members: ["ada"] });
  await act(async () => void (await result.current.update(server.how)));
  expect(server.now()).toMatchObject({ name: "Mine", members: [] });
  expect(result.current.draft.members).toEqual([]);

  act(() => result.current.setDraft((now) => ({ ...now, name: "Mine again" })));
  server.elsewhere({ name: "Theirs" });
  await act(async () => {
    await expect(result.current.update(server.how)).rejects.toMatchObject({ status: 412 });
  });
  expect(result.current.newer).toEqual({ name: "Theirs" });
  act(() => result.current.theirs());
  expect(result.current.draft.name).toBe("Theirs");
  expect(result.current.touched).toBe(false);
});
