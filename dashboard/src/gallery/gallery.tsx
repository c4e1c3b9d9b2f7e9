/** Every component in every state, in both themes. A development page: it is not part of a build. */
export function Gallery() {
  return (
    <main className="p-7">
      <h1 className="wide text-h1 font-semibold">Gallery</h1>
    </main>
  );
}
