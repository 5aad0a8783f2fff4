// A wall screen goes through what is asked by itself: the address changes, and the next refresh (jiugong.js) shows it.
// It rests where somebody stands before it with a keyboard, and where there is one question only.
(function () {
  "use strict";
  let since = performance.now();
  setInterval(() => {
    const questions = document.querySelector("[data-rotate]");
    if (!questions || document.hidden || questions.contains(document.activeElement)) return;
    if (performance.now() - since < 1000 * Number(questions.dataset.rotate)) return;
    since = performance.now();
    const links = Array.from(questions.querySelectorAll("a"));
    const next = links[(links.findIndex((link) => link.getAttribute("aria-current")) + 1) % links.length];
    if (next) history.replaceState(null, "", next.getAttribute("href"));
  }, 1000);
})();
