// A bar for work that takes seconds: it moves as far as the estimate says and never claims to be done. <form data-wait="id"> begins it, and where the bar says
// data-bytes (so many a second) its estimate is the file's; a link with data-next is gone to as soon as the bar is seen.
(function () {
  "use strict";
  function secondsFor(place, form) {
    const files = Array.from(form.querySelectorAll('input[type="file"]')).flatMap((input) => Array.from(input.files));
    return Math.max(2, files.reduce((sum, file) => sum + file.size, 0) / Number(place.dataset.bytes));
  }
  function begin(place, form) {
    const seconds = form && place.dataset.bytes ? secondsFor(place, form) : Number(place.dataset.waiting) || 5;
    const bar = place.querySelector("progress"), from = performance.now();
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
    if (place && !event.defaultPrevented && !(event.submitter && event.submitter.value === "discard")) begin(place, event.target);
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-waiting]:not([hidden])").forEach((place) => begin(place));
    const next = document.querySelector("[data-next]");    // seen first, then asked for
    if (next) requestAnimationFrame(() => setTimeout(() => location.replace(next.href), 100));
  });
})();
