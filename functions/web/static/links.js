// Text with its links, as nodes: never as markup.

// Only what a URL may hold: a Korean particle right behind an address is not part of it.
const ADDRESS = /https?:\/\/[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g;

function trimmed(address) {
  let end = address.replace(/[.,;:!?'*]+$/, "");
  while (end.endsWith(")") && end.split(")").length > end.split("(").length) end = end.slice(0, -1);
  return end;
}

function link(address) {
  const anchor = document.createElement("a");
  try {
    anchor.href = new URL(address).href;
  } catch {
    return document.createTextNode(address);
  }
  anchor.target = "_blank";
  anchor.rel = "noopener noreferrer nofollow";
  anchor.textContent = address;
  return anchor;
}

/** Split a text into text nodes and safe links. */
export function linked(text) {
  const nodes = [];
  let from = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    nodes.push(document.createTextNode(text.slice(from, match.index)), link(address));
    from = match.index + address.length;
  }
  return [...nodes, document.createTextNode(text.slice(from))];
}
