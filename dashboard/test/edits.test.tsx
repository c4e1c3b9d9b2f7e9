/** Changes of one record that are chosen quickly, one after the other. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, renderHook } from "@testing-library/react";
import type { PropsWithChildren } from "react";
import { expect, test } from "vitest";
import { changed, useEdits } from "@/api/edits";
import { ApiProblem } from "@/api/problem";

interface Person {
  version: number;
  tags: string[];
  custom: Record<string, unknown>;
}
type Change = Partial<Omit<Person, "version">>;

const key = ["people", "one", "p"];

/** A server that answers when it is told to, and knows only what was sent with its newest version. */
function world() {
  const cache = new QueryClient();
  let server: Person = { version: 1, tags: [], custom: {} };
  cache.setQueryData(key, server);
  const sent: (number | undefined)[] = [];
  const told: Error[] = [];
  const waiting: (() => void)[] = [];
  const send = (change: Change, version: number | undefined) => {
    sent.push(version);
    return new Promise<Person>((resolve, reject) =>
      waiting.push(() => {
        if (version !== server.version) return reject(new ApiProblem(412, "stale", ""));
        if (change.tags?.includes("wrong")) return reject(new ApiProblem(422, "invalid", ""));
        server = { ...changed(server, change), version: server.version + 1 };
        resolve(server);
      }),
    );
  };
  const wrapper = ({ children }: PropsWithChildren) => (
    <QueryClientProvider client={cache}>{children}</QueryClientProvider>
  );
  const edits = () =>
    renderHook(() => useEdits<Person, Change>({ key, send, onError: (error) => told.push(error) }), { wrapper }).result;
  const held = () => cache.getQueryData<Person>(key);
  const settle = () => act(async () => void (await new Promise((done) => setTimeout(done))));
  const answer = async () => {
    waiting.shift()?.();
    await settle();
  };
  const elsewhere = (change: Change) => {
    server = { ...changed(server, change), version: server.version + 1 };
  };
  return { cache, edits, held, sent, told, answer, settle, elsewhere, server: () => server };
}

test("quick choices wait for each other, from wherever on the page they come, and none is lost", async () => {
  const { cache, edits, held, sent, told, answer, settle, server } = world();
  const [one, other] = [edits(), edits()];
  one.current.mutate({ tags: ["a"] });
  await settle();
  other.current.mutate({ tags: ["a", "b"] });
  one.current.mutate({ custom: { size: "m" } });
  await settle();
  expect(sent).toEqual([1]);
  expect(held()).toEqual({ version: 1, tags: ["a", "b"], custom: { size: "m" } });
  // What was read before the answers takes nothing away, nor does the first answer.
  await act(() => cache.fetchQuery({ queryKey: key, queryFn: async () => ({ version: 1, tags: [], custom: {} }) }));
  expect(held()?.tags).toEqual(["a", "b"]);
  await answer();
  expect(held()).toEqual({ version: 2, tags: ["a", "b"], custom: { size: "m" } });
  await answer();
  await answer();
  expect([sent, told]).toEqual([[1, 2, 3], []]);
  expect(held()).toEqual(server());
  expect(server()).toEqual({ version: 4, tags: ["a", "b"], custom: { size: "m" } });
});

test("when somebody else was faster, nothing that waits overwrites what he did; afterwards changes go on", async () => {
  const { cache, edits, held, sent, told, answer, settle, elsewhere, server } = world();
  const one = edits();
  elsewhere({ tags: ["theirs"] });
  one.current.mutate({ tags: ["a"] });
  await settle();
  one.current.mutate({ tags: ["a", "b"] });
  await settle();
  await answer();
  await settle();
  expect([sent, told.map((error) => (error as ApiProblem).status)]).toEqual([[1], [412]]);
  expect(server().tags).toEqual(["theirs"]);
  expect(held()?.tags).toEqual([]);
  cache.setQueryData(key, server());
  one.current.mutate({ tags: ["theirs", "c"] });
  await settle();
  await answer();
  expect(held()).toEqual({ version: 3, tags: ["theirs", "c"], custom: {} });
});

test("what is refused for itself goes, and what was chosen beside it stays", async () => {
  const { edits, held, told, answer, settle } = world();
  const one = edits();
  one.current.mutate({ tags: ["wrong"] });
  await settle();
  one.current.mutate({ custom: { size: "m", old: null } });
  await settle();
  await answer();
  expect(held()).toEqual({ version: 1, tags: [], custom: { size: "m" } });
  await answer();
  expect(held()).toEqual({ version: 2, tags: [], custom: { size: "m" } });
  expect(told.length).toBe(1);
});
