// Long work: a bar that is asked for again and again, more and more seldom, as long as the server says; then its answer.
(function () {
  "use strict";
  document.addEventListener("DOMContentLoaded", () => {
    const place = document.querySelector("[data-job]");
    if (!place || !place.dataset.unfinished) return;
    const bar = place.querySelector("progress"), said = place.querySelector("[data-said]");
    let pause = 500;
    function show(job) {
      if (job.total > 0) { bar.max = job.total; bar.value = job.done; }
      said.textContent = job.stage === "running" ? place.dataset.running + (job.total ? " " + job.done + " / " + job.total : "") : place.dataset.waiting;
    }
    async function look() {
      let wait = pause = Math.min(pause * 1.3, 5000);
      try {
        const answer = await fetch(place.dataset.job, { credentials: "same-origin", headers: { Accept: "application/json" } });
        const again = Number(answer.headers.get("Retry-After"));
        if (again) wait = Math.max(wait, again * 1000);
        if (answer.ok) {
          const job = await answer.json();
          if (job.stage !== "waiting" && job.stage !== "running") {
            if (job.stage === "done" && !job.is_file) location.replace(job.next); else location.reload();
            return;
          }
          show(job);
        } else if (answer.status < 500 && answer.status !== 429) {
          location.reload();
          return;
        }
      } catch {
        said.textContent = document.body.dataset.lostText;
      }
      setTimeout(look, wait * (0.9 + 0.2 * Math.random()));
    }
    setTimeout(look, 300);
  });
})();
