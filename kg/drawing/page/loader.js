// The one script that a page runs by itself: it unpacks the program of the page, which its policy allows by its hash,
// and runs it. Where a browser cannot, what the page shows without scripts stays.

(async () => {
  const packed = atob(document.querySelector("#program")?.textContent || "");
  const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const program = document.createElement("script");
  program.textContent = await new Response(stream).text();
  document.head.append(program);
  program.remove();
})();
