// What every page can do beyond HTML. Loaded in <head>, so that the theme is there before the first paint.
// No inline scripts anywhere: pages ask for these habits with attributes (see docs/concerns/look.md).
(function () {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
  const say = (name) => (document.body && document.body.dataset[name]) || "";

  // ── theme: the machine's, unless somebody chose; a wall screen fixes its own ──────────────────────────────
  const night = window.matchMedia("(prefers-color-scheme: dark)");
  function chosenTheme() {
    try { return localStorage.getItem("theme") || "auto"; } catch { return "auto"; }
  }
  function showTheme() {
    if (root.dataset.themeFixed !== undefined) return;
    const theme = chosenTheme();
    root.dataset.bsTheme = theme === "auto" ? (night.matches ? "dark" : "light") : theme;
    all("[data-theme-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeChoice === theme)));
  }
  showTheme();
  night.addEventListener("change", showTheme);

  // ── messages: said in the one live region ────────────────────────────────────────────────────────────────
  function tell(text, level) {
    const region = document.getElementById("messages");
    if (!region || !text) return;
    const message = document.createElement("div");
    message.className = "message " + (level || "error");
    message.textContent = text;
    region.replaceChildren(message);
    message.scrollIntoView({ block: "nearest" });
  }

  // ── busy: anything over a moment shows that it is under way; nothing is sent twice ───────────────────────
  let underWay = 0;
  function busy(step) {
    underWay = Math.max(0, underWay + step);
    root.classList.toggle("is-busy", underWay > 0);
  }

  // ── htmx: the CSRF token goes along; a refusal is said, not swallowed ────────────────────────────────────
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector('meta[name="csrf-token"]');
    if (token && event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  document.addEventListener("htmx:sendError", () => tell(say("lostText")));
  document.addEventListener("htmx:responseError", (event) => {
    let text = "";
    try {
      text = JSON.parse(event.detail.xhr.responseText).message;
    } catch {
      const page = new DOMParser().parseFromString(event.detail.xhr.responseText, "text/html");
      const sentence = page.querySelector("[data-sentence]");
      text = sentence ? sentence.textContent.trim() : "";
    }
    tell(text || say("failedText"));
  });

  // ── live: <section id="board" data-live="5"> asks for its own page every 5 seconds and takes its place ───
  // Rests while nobody looks, while something is ticked, open or being typed. `#now` in the header comes along.
  // A server that has much to do says how long to wait (429, 503 with Retry-After): so long nobody asks, and not all at once.
  let asking = false, askedAt = 0, resting = 0;
  function inUse(element) {
    const focused = document.activeElement;
    return element.querySelector("input:checked[data-pick], details[open], dialog[open]") ||
      (focused && element.contains(focused) && focused.matches("input, select, textarea"));
  }
  function showLive(state) {
    const light = document.getElementById("live");
    if (!light) return;
    const element = document.querySelector("[data-live]");
    light.hidden = !element;
    if (!element) return;
    light.classList.toggle("is-lost", state === "lost");
    light.classList.toggle("is-asking", state === "asking");
    if (state === "lost") light.textContent = light.dataset.lost;
    else light.textContent = light.dataset.on.replace("SECONDS", element.dataset.live || "5");
  }
  function put(id, page) {
    const old = document.getElementById(id), fresh = page.getElementById(id);
    if (!old || !fresh || old.isEqualNode(fresh)) return;
    const focused = document.activeElement && old.contains(document.activeElement) ? document.activeElement.id : "";
    const here = document.importNode(fresh, true);
    old.replaceWith(here);
    if (window.htmx) window.htmx.process(here);
    if (focused && document.getElementById(focused)) document.getElementById(focused).focus({ preventScroll: true });
  }
  async function refresh(element) {
    asking = true;
    showLive("asking");
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": element.id }, credentials: "same-origin", cache: "no-store" });
      if (answer.redirected && new URL(answer.url).pathname !== location.pathname) return location.reload();
      if (answer.status === 429 || answer.status === 503) {
        resting = performance.now() + 1000 * Math.min(Number(answer.headers.get("Retry-After")) || 5, 300) * (1 + Math.random() / 2);
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!page.getElementById(element.id)) throw new Error("gone");
      all("[data-live]").forEach((each) => { if (!inUse(each)) put(each.id, page); });
      put("now", page);
      showLive("on");
    } catch {
      showLive("lost");
    } finally {
      asking = false;
    }
  }
  setInterval(() => {
    const element = document.querySelector("[data-live]");
    if (!element || asking || document.hidden || inUse(element) || performance.now() < resting) return;
    if (performance.now() - askedAt < 1000 * Number(element.dataset.live || 5)) return;
    askedAt = performance.now();
    refresh(element);
  }, 500);

  // ── keyboard: j and k walk [data-row], Enter opens (rows are links), / goes to the search box ────────────
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") all("details.menu[open]").forEach((menu) => {
      menu.open = false;
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
    });
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === " " && event.target.matches("a.btn, a.tile")) {       // what looks like a button is pressed like one
      event.preventDefault();
      event.target.click();
    }
    if (event.key === "/") {
      const box = all('input[type="search"]').find((input) => input.offsetParent !== null);
      if (box) { event.preventDefault(); box.focus(); box.select(); }
    }
    if (event.key === "j" || event.key === "k") {
      const rows = all("[data-row]").filter((row) => row.offsetParent !== null);
      if (!rows.length) return;
      const at = rows.indexOf(document.activeElement);
      const next = event.key === "j" ? Math.min(at + 1, rows.length - 1) : Math.max(at - 1, 0);
      rows[next].focus({ preventScroll: true });
      rows[next].scrollIntoView({ block: "nearest" });
    }
  });

  // ── clicks and changes, each asked for by an attribute ───────────────────────────────────────────────────
  document.addEventListener("click", (event) => {
    const theme = event.target.closest("[data-theme-choice]");
    if (theme) {
      try { localStorage.setItem("theme", theme.dataset.themeChoice); } catch { /* a private window forgets: fine */ }
      showTheme();
    }
    if (event.target.closest("[data-print]")) window.print();
    all("details.menu[open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });

  function countPicked(form) {
    const picks = all("input[data-pick]", form), picked = picks.filter((input) => input.checked).length;
    form.classList.toggle("is-picking", picked > 0);
    all("[data-picked-count]", form).forEach((place) => { place.textContent = String(picked); });
    all("[data-needs-picked]", form).forEach((button) => { button.disabled = picked === 0; });
    all("input[data-pick-all]", form).forEach((box) => {
      box.checked = picks.length > 0 && picked === picks.length;
      box.indeterminate = picked > 0 && picked < picks.length;
    });
  }
  document.addEventListener("change", (event) => {
    const input = event.target, form = input.form;
    if (input.closest("[data-auto-submit]") && form) form.requestSubmit();
    if (input.matches("[data-pick-all]") && form) all("input[data-pick]", form).forEach((each) => { each.checked = input.checked; });
    if (input.matches("[data-pick], [data-pick-all]") && form) countPicked(form);
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (question && !window.confirm(question)) return event.preventDefault();
    if (event.defaultPrevented || form.matches("[hx-post], [hx-get], [data-download]")) return;
    if (form.dataset.sent && form.method === "post") return event.preventDefault();
    form.dataset.sent = "yes";
    if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
    busy(1);
  });
  window.addEventListener("pageshow", () => {                  // back from the next page: ready again
    underWay = 0;
    busy(0);
    all("form[data-sent]").forEach((form) => delete form.dataset.sent);
    all('[aria-busy="true"]').forEach((button) => button.removeAttribute("aria-busy"));
  });

  // ── a place to drop a file: <label class="drop"> around an <input type="file"> ───────────────────────────
  ["dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
    const place = event.target.closest && event.target.closest(".drop");
    if (!place) return;
    event.preventDefault();
    place.classList.toggle("is-over", kind === "dragover");
    const input = place.querySelector('input[type="file"]');
    if (kind === "drop" && input && event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }));

  document.addEventListener("DOMContentLoaded", () => {
    showTheme();
    showLive("on");
    askedAt = performance.now();
    all(".tabs [aria-current]").forEach((tab) => { tab.parentElement.scrollLeft = tab.offsetLeft - 60; });
    all("form").forEach((form) => { if (form.querySelector("[data-picked-count]")) countPicked(form); });
    all("[data-no-script]").forEach((element) => { element.hidden = true; });
  });
})();
