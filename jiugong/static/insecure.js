// Says on every page when the origin is not secure. Whoever closes it keeps one line of it, also on the next page.
(function () {
  "use strict";
  const told = document.getElementById("insecure");
  if (!told || window.isSecureContext) return;
  const key = "insecure-closed";
  let closed = null;
  try { closed = window.localStorage.getItem(key); } catch { /* a browser that keeps nothing shows it in full */ }
  told.open = !closed;
  told.hidden = false;
  told.addEventListener("toggle", () => {
    try {
      if (told.open) window.localStorage.removeItem(key);
      else window.localStorage.setItem(key, "yes");
    } catch { /* as above */ }
  });
})();
