// A bar for work that takes seconds: it moves as far as the estimate says and never claims to be done. <form data-wait="id"> begins it; a link with data-next is
// gone to as soon as the bar is seen.
(function () {
  "use strict";
  function begin(place) {
    const bar = place.querySelector("progress"), seconds = Number(place.dataset.waiting) || 5, from = performance.now();
    place.hidden = false;
    place.scrollIntoView({ block: "nearest" });
    const timer = setInterval(() => {
      const past = (performance.now() - from) / 1000;
      bar.value = Math.round(97 * (1 - Math.exp(-2 * past / seconds)));
      if (!place.isConnected) clearInterval(timer);
    }, 200);
  }
  document.addEventListener("submit", (event) => {
    const place = event.target.dataset.wait && document.getElementById(event.target.dataset.wait);
    if (place && !event.defaultPrevented && !(event.submitter && event.submitter.value === "discard")) begin(place);
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-waiting]:not([hidden])").forEach(begin);
    const next = document.querySelector("[data-next]");    // seen first, then asked for
    if (next) requestAnimationFrame(() => setTimeout(() => location.replace(next.href), 100));
  });
})();
