// A form that answers with a file: while the file is being made the button and the bar say so; a refusal is said as a
// sentence, and the page stays. Without this script the browser downloads by itself.
(function () {
  "use strict";
  const nameOf = (answer) => {
    const said = answer.headers.get("Content-Disposition") || "";
    const any = said.match(/filename\*=UTF-8''([^;]+)/), plain = said.match(/filename="([^"]+)"/);
    return any ? decodeURIComponent(any[1]) : plain ? plain[1] : "download";
  };
  function tell(text) {
    const region = document.getElementById("messages");
    if (!region) return;
    const message = document.createElement("div");
    message.className = "message error";
    message.textContent = text;
    region.replaceChildren(message);
    message.scrollIntoView({ block: "nearest" });
  }
  function give(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
  }
  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    if (!form.matches('form[method="get"][data-download]') || event.defaultPrevented) return;
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    if (button) button.setAttribute("aria-busy", "true");
    document.documentElement.classList.add("is-busy");
    try {
      const answer = await fetch(form.action + "?" + new URLSearchParams(new FormData(form)), { credentials: "same-origin" });
      if (answer.ok && answer.redirected && !answer.headers.get("Content-Disposition")) {
        location.assign(answer.url);                       // it takes long: its page says how far it is
        return;
      }
      if (!answer.ok || !answer.headers.get("Content-Disposition")) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const sentence = page.querySelector("[data-sentence]");
        tell(sentence ? sentence.textContent.trim() : document.body.dataset.failedText);
        return;
      }
      give(await answer.blob(), nameOf(answer));
    } catch {
      tell(document.body.dataset.lostText);
    } finally {
      delete form.dataset.sent;
      if (button) button.removeAttribute("aria-busy");
      document.documentElement.classList.remove("is-busy");
    }
  });
})();
