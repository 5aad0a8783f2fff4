// The page without a connection: which pages this device can open all the same, and what waits on it.
(function () {
  "use strict";
  const list = document.getElementById("kept"), store = self.deviceStore;
  const KINDS = [[/^\/me\//, "me", ".head b"], [/\/scan$/, "scan", ".park-name"], [/\/boxes$/, "boxes", ".park-name"], [/\/boxes\/\d+$/, "", "h1"], [/./, "entry", "h1"]];

  // For whom or what each is, as the kept page itself says: its own words lie sealed here, and nowhere else.
  async function named(row) {
    const [, kind, place] = KINDS.find(([shape]) => shape.test(row.id)), word = list.dataset[kind] || "";
    const text = await store.unseal(row.sealed, await store.get("keys", "of " + row.owner)).catch(() => "");
    const found = new DOMParser().parseFromString(text, "text/html").querySelector(place);
    return [word, found ? found.textContent.trim() : ""].filter(Boolean).join(" · ");
  }

  document.getElementById("again").addEventListener("click", () => location.reload());
  window.addEventListener("online", () => location.reload());
  async function show() {
    const pages = (await store.all("pages")).filter((row) => row.until > Date.now());
    document.getElementById("nothing-kept").hidden = pages.length > 0;
    const names = await Promise.all(pages.map(named));
    list.replaceChildren(...pages.map((row, at) => {
      const line = document.createElement("li"), link = document.createElement("a");
      link.href = row.id;
      link.textContent = names[at] || row.id;
      line.append(link);
      return line;
    }));
    const waiting = await store.within("items", "readonly", (table) => store.answered(table.count()));
    document.getElementById("waiting").hidden = !waiting;
    document.querySelector("#waiting b").textContent = String(waiting);
  }
  show().catch(() => null);
})();
