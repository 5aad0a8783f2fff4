// A worker's own page works without this. With it: nothing is sent twice, a test counts its minutes, and a report that
// finds no network is kept on the phone and sent when it is back, under the id that it was given here.
(function () {
  "use strict";
  const form = document.querySelector("form[data-report]");
  const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));

  document.addEventListener("submit", (event) => {
    const sent = event.target;
    if (event.defaultPrevented || sent.method !== "post") return;
    if (sent.dataset.sent) return event.preventDefault();
    sent.dataset.sent = "yes";
    setTimeout(() => { all("button", sent).forEach((button) => { button.disabled = true; }); }, 0);
  });
  window.addEventListener("pageshow", () => all("form").forEach((each) => {
    delete each.dataset.sent;
    all("button", each).forEach((button) => { button.disabled = false; });
  }));

  // minutes of a test: the page says the same without counting
  all("[data-wait]").forEach((place) => {
    const end = Date.now() + 1000 * Number(place.dataset.wait), shown = place.querySelector("b");
    const count = () => {
      const left = Math.max(0, Math.round((end - Date.now()) / 1000));
      if (left) shown.textContent = Math.floor(left / 60) + ":" + String(left % 60).padStart(2, "0");
      else { place.textContent = place.dataset.ready; place.classList.add("is-done"); clearInterval(clock); }
    };
    const clock = setInterval(count, 1000);
    count();
  });

  // choosing a number takes the written one away, and the other way round
  if (!form) return;
  const other = form.querySelector('input[name="other"]');
  form.addEventListener("change", (event) => { if (event.target.name === "temperature") other.value = ""; });
  other.addEventListener("input", () => all('input[name="temperature"]', form).forEach((each) => { each.checked = false; }));

  // no network: keep the report and send it later
  const kept = "report " + form.getAttribute("action");
  const say = (text) => {
    const place = document.getElementById("messages"), words = document.createElement("p");
    words.className = "say";
    words.textContent = text;
    place.replaceChildren(words);
    place.scrollIntoView({ block: "start" });
  };
  async function send(words) {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(words), credentials: "same-origin" });
    if (answer.status >= 500) throw new Error(String(answer.status));
    try { localStorage.removeItem(kept); } catch { /* nothing was kept */ }
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelector("main").replaceWith(document.importNode(page.querySelector("main"), true));
    window.scrollTo(0, 0);
    location.hash = "";
  }
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    const words = new FormData(form);
    if (event.submitter && event.submitter.name) words.append(event.submitter.name, event.submitter.value);
    try { localStorage.setItem(kept, new URLSearchParams(words).toString()); } catch { return; }
    say(form.dataset.lost);
  });
  async function sendKept() {
    let words = null;
    try { words = localStorage.getItem(kept); } catch { return; }
    if (!words || !navigator.onLine) return;
    const fresh = new URLSearchParams(words);
    fresh.set("csrfmiddlewaretoken", form.querySelector('input[name="csrfmiddlewaretoken"]').value);
    try { await send(fresh); } catch { say(form.dataset.lost); }
  }
  window.addEventListener("online", sendKept);
  sendKept();
})();
