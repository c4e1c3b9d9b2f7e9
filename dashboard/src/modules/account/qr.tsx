import { encode } from "uqr";

/** Always dark on light: cameras read nothing else reliably. */
export function Qr({ text, label }: { text: string; label: string }) {
  const { data, size } = encode(text, { ecc: "M", border: 2 });
  const d = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
      className="mx-auto block size-44 rounded-control bg-[#fff]"
    >
      <path d={d} fill="#000" />
    </svg>
  );
}
