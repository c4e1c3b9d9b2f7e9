/** The name server that the core asks about domains: it says what a test put into it. */
import { createSocket, type Socket } from "node:dgram";
import type { World } from "./world";

const TYPES = { CNAME: 5, TXT: 16 } as const;
type Kind = keyof typeof TYPES;

const labels = (name: string) =>
  Buffer.concat([...name.split(".").map((part) => Buffer.from([part.length, ...Buffer.from(part)])), Buffer.from([0])]);

export class NameServer {
  readonly #records = new Map<string, Buffer>();
  readonly #socket: Socket = createSocket("udp4");

  async start(world: World): Promise<this> {
    this.#socket.on("message", (asked, { port, address }) => this.#socket.send(this.#answer(asked), port, address));
    await new Promise<void>((resolve) => this.#socket.bind(Number(new URL(world.urls.dns).port), "127.0.0.1", resolve));
    return this;
  }

  stop(): void {
    this.#socket.close();
  }

  set(kind: Kind, name: string, value: string): void {
    const data = kind === "TXT" ? Buffer.from([value.length, ...Buffer.from(value)]) : labels(value);
    this.#records.set(`${TYPES[kind]} ${name}`, data);
  }

  /** RFC 1035, 4.1: the question again, and behind it what is known. */
  #answer(asked: Buffer): Buffer {
    const names: string[] = [];
    let at = 12;
    for (let length = asked[at]; length; length = asked[at]) {
      names.push(asked.toString("ascii", at + 1, at + 1 + length).toLowerCase());
      at += length + 1;
    }
    const data = this.#records.get(`${asked.readUInt16BE(at + 1)} ${names.join(".")}`);
    const head = Buffer.from(asked.subarray(0, 12));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(data ? 1 : 0, 6);
    head.writeUInt32BE(0, 8);
    const question = asked.subarray(12, at + 5);
    if (!data) return Buffer.concat([head, question]);
    const record = Buffer.alloc(12);
    record.writeUInt16BE(0xc00c, 0);
    asked.copy(record, 2, at + 1, at + 5);
    record.writeUInt32BE(1, 6);
    record.writeUInt16BE(data.length, 10);
    return Buffer.concat([head, question, record, data]);
  }
}
