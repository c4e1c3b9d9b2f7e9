import { type Schema, signedFetch } from "./client";
import { problemOf } from "./problem";

/** Sends a file; it goes away after a day unless something takes it. */
export async function upload(file: File): Promise<Schema["File"]> {
  const url = new URL("/v1/files", location.origin);
  url.searchParams.set("name", file.name);
  const headers = { "content-type": "application/octet-stream" };
  // Bytes instead of the file: the request is sent again when the token has to be renewed.
  const sent = await signedFetch(new Request(url, { method: "POST", headers, body: await file.arrayBuffer() }));
  if (!sent.ok) throw await problemOf(sent);
  return (await sent.json()) as Schema["File"];
}
