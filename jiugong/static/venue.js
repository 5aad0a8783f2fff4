// The screen at a door: the picture of now and the next ones are in hand, each is shown in its time by the park's clock, and
// where none is left because there is no network, the screen says so and shows no old one.
(function () {
  "use strict";
  const main = document.querySelector("main"), picture = document.querySelector("[data-picture]"), bar = document.querySelector("progress");
  const say = document.querySelector("[data-say]"), changes = Boolean(main.dataset.changes), EVERY = 20000;
  let pictures = [], ahead = 0, shown = "", began = 0, asked = 0, gone = false;

  const now = () => performance.now() + ahead;                     // the park's time, whatever this tablet's clock says
  function words(text) { say.textContent = text; say.hidden = !text; picture.hidden = Boolean(text); if (bar) bar.hidden = Boolean(text); }
  async function ask() {
    asked = performance.now();
    try {
      const answer = await fetch(main.dataset.pictures, { cache: "no-store", credentials: "omit" });
      if (answer.status === 404 || answer.status === 410) { gone = true; return words(main.dataset.gone); }
      if (!answer.ok) return;
      const told = await answer.json(), taken = performance.now();
      ahead = new Date(told.now).getTime() - taken;
      pictures = told.pictures.map((each) => ({ svg: each.svg, until: each.until ? new Date(each.until).getTime() : Infinity }));
    } catch { /* the next time */ }
  }
  function draw() {
    if (gone) return;
    const at = now(), current = pictures.find((each) => each.until > at);
    if (!current) { if (pictures.length) words(main.dataset.lost); return; }
    words("");
    if (current.svg !== shown) { picture.replaceChildren(document.importNode(new DOMParser().parseFromString(current.svg, "text/html").querySelector("svg"), true)); shown = current.svg; began = at; }
    if (bar && current.until !== Infinity) bar.value = 100 * (current.until - at) / Math.max(1, current.until - began);
  }
  ask().then(draw);
  if (!changes) return;
  setInterval(() => { draw(); if (!gone && performance.now() - asked > EVERY) ask(); }, 500);
  if (navigator.wakeLock) {                                        // a screen that sleeps shows nothing
    const stay = () => { if (!document.hidden) navigator.wakeLock.request("screen").catch(() => null); };
    document.addEventListener("visibilitychange", stay);
    stay();
  }
})();
