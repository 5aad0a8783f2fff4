// Says on every page when the origin is not secure. Whoever closes it keeps one line of it, also on the next page.
(function () {
  "use strict";
  const told = document.getElementById("insecure");
  if (!told || window.isSecureContext) return;
  const key = "insecure-closed";
  let closed = null;
  try { closed = window.localStorage.getItem(key); } catch { /* a browser that keeps nothing shows it in full */ }
  told.open = !closed && !document.getElementById("outbox");       // what waits says there by itself what it means
  told.hidden = false;
  told.querySelector("summary").addEventListener("click", () => {
    try {
      if (told.open) window.localStorage.setItem(key, "yes");       // it is about to be closed
      else window.localStorage.removeItem(key);
    } catch { /* as above */ }
  });
})();
