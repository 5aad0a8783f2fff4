// The page without a connection: which pages this device can open all the same, and what waits on it.
(function () {
  "use strict";
  const list = document.getElementById("kept"), store = self.deviceStore;
  const named = (path) => list.dataset[path.startsWith("/me/") ? "me" : path.endsWith("/scan") ? "scan" : "entry"];

  document.getElementById("again").addEventListener("click", () => location.reload());
  window.addEventListener("online", () => location.reload());
  async function show() {
    const pages = (await store.all("pages")).filter((row) => row.until > Date.now());
    document.getElementById("nothing-kept").hidden = pages.length > 0;
    list.replaceChildren(...pages.map((row) => {
      const line = document.createElement("li"), link = document.createElement("a");
      link.href = row.id;
      link.textContent = named(row.id) + (row.title ? " · " + row.title : "");
      line.append(link);
      return line;
    }));
    const waiting = await store.within("items", "readonly", (table) => store.answered(table.count()));
    document.getElementById("waiting").hidden = !waiting;
    document.querySelector("#waiting b").textContent = String(waiting);
  }
  show().catch(() => null);
})();
