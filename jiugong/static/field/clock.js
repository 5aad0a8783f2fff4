// The park's time on a device whose own clock may be wrong: the server says what time it is, we keep the difference.
window.parkClock = (function () {
  "use strict";
  const MUCH = 2 * 60 * 1000, part = document.getElementById("outbox"), say = part ? part.dataset : {};
  const kept = () => { try { return Number(localStorage.getItem("skew")) || 0; } catch { return 0; } };
  const shift = 1000 * Number(say.shift || 0);                // a demonstration lives in another year, on purpose
  const raw = () => Date.now() + shift;
  let skew = kept();

  function hear(now, at) {
    const told = new Date(now).getTime();
    if (!told) return;
    skew = told - (at ? at + shift : raw());
    try { localStorage.setItem("skew", String(skew)); } catch { /* this page alone knows */ }
    document.dispatchEvent(new CustomEvent("clock:heard"));
  }
  const words = (milliseconds) => {
    const language = document.documentElement.lang, minutes = Math.round(Math.abs(milliseconds) / 60000);
    const write = (number, unit) => number ? new Intl.NumberFormat(language, { style: "unit", unit: unit, unitDisplay: "long" }).format(number) : "";
    return [write(Math.floor(minutes / 1440), "day"), write(Math.floor(minutes % 1440 / 60), "hour"), write(minutes % 60, "minute")].filter(Boolean).join(" ");
  };
  // Empty while this device's clock is right, to two minutes.
  const wrong = () => {
    return Math.abs(skew) > MUCH ? (skew < 0 ? say.fast : say.slow).replace("AMOUNT", words(skew)) : "";
  };
  document.addEventListener("outbox:heard", (event) => hear(event.detail.now, event.detail.at));
  if (say.now && !document.documentElement.dataset.fromDevice) hear(say.now);
  return { hear, wrong, now: () => new Date(raw() + skew), right: (told) => new Date(new Date(told).getTime() + skew), device: () => new Date(raw()).toISOString() };
})();
