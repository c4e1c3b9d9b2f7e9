/** Requests that say nothing about themselves. `fetch` would add `Sec-Fetch-Mode: cors`, which the edge rightly minds. */
import { get, type IncomingHttpHeaders } from "node:http";

export interface Raw {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export const raw = (url: string, headers: Record<string, string> = {}): Promise<Raw> =>
  new Promise((resolve, reject) => {
    get(url, { headers, agent: false, family: 4 }, (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("error", reject);
      answer.on("end", () =>
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: Buffer.concat(parts).toString() }),
      );
    }).on("error", reject);
  });

/** The frame document of a widget for a page of this origin, or the refusal. */
export const frameOf = (edge: string, widget: string, origin: string, headers: Record<string, string> = {}) =>
  raw(`${edge}/w/${widget}?o=${encodeURIComponent(origin)}&m=inline&v=1`, headers);
