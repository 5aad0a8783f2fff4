// Pieces of a page that are asked for when they come into sight, one after the other: data-fill="address".
// data-fill-again="address": the same every 15 seconds, while somebody looks.
(function () {
  "use strict";
  const waiting = [], AGAIN = 15000;
  let busy = false;
  async function next() {
    const place = waiting.shift();
    if (!place || busy) return;
    busy = true;
    try {
      const answer = await fetch(place.dataset.fill, { credentials: "same-origin", cache: "no-store" });
      if (answer.ok && !answer.redirected) put(place, await answer.text());
    } catch { /* the link to the page of the thing stays */ }
    busy = false;
    next();
  }
  function put(place, text) {
    const page = new DOMParser().parseFromString(text, "text/html"), piece = document.createElement("div");
    piece.append(...Array.from(page.body.childNodes, (node) => document.importNode(node, true)));
    if (piece.textContent.trim() === place.textContent.trim() && place.dataset.filled) return;
    place.replaceChildren(...piece.childNodes);
    place.classList.remove("round-waits");
    place.dataset.filled = "yes";
  }
  const seen = new IntersectionObserver((entries) => entries.forEach((entry) => {
    if (!entry.isIntersecting) return;
    seen.unobserve(entry.target);
    waiting.push(entry.target);
    next();
  }), { rootMargin: "200px" });
  document.querySelectorAll("[data-fill]").forEach((place) => seen.observe(place));
  setInterval(() => {
    if (document.hidden) return;
    document.querySelectorAll("[data-fill-again]").forEach((place) => {
      place.dataset.fill = place.dataset.fillAgain;
      if (!waiting.includes(place)) waiting.push(place);
    });
    next();
  }, AGAIN);
})();
