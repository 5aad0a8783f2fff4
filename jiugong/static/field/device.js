// Every page: the worker behind it, and whose things this device keeps. Who signs out, or signs in after somebody else,
// leaves nothing of the other's behind but what is not sent yet.
(function () {
  "use strict";
  const store = self.deviceStore, meta = document.querySelector('meta[name="who"]');
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => null);
    window.addEventListener("load", () => navigator.serviceWorker.ready.then((found) => {
      const here = document.getElementById("outbox"), fromDevice = document.documentElement.dataset.fromDevice;
      if (meta && !fromDevice) found.active.postMessage({ forget: meta.content });
      if (here && !fromDevice) found.active.postMessage({ keep: location.href });
    }));
  }
  if (!meta) return;
  store.forget(meta.content).catch(() => null);
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!form.matches("[data-sign-out]") || form.dataset.asked) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const makers = (await store.all("items").catch(() => [])).map((item) => item.by), mine = makers.filter((by) => by === meta.content).length;
    const told = [form.dataset.unsent.replace("NUMBER", String(mine))];
    if (makers.length > mine) told.push(form.dataset.others.replace("NUMBER", String(makers.length - mine)));
    if (mine && !window.confirm(told.join("\n\n"))) return;      // whoever made none of it is not asked
    form.dataset.asked = "yes";
    await store.forget("").catch(() => null);
    form.submit();
  }, true);
})();
