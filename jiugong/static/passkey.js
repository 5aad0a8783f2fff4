// Passkeys: what the server asks, the device answers, and the form carries it back. Words stand in the page.
(function () {
  "use strict";
  const can = window.PublicKeyCredential && window.isSecureContext;
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (known) => (known || []).map((each) => ({ ...each, id: bytes(each.id) }));

  function asked(options, creating) {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (!creating) return { publicKey: { ...key, allowCredentials: listed(key.allowCredentials) } };
    const who = { ...key.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required" };
    return { publicKey: { ...key, user: { ...key.user, id: bytes(key.user.id) }, excludeCredentials: listed(key.excludeCredentials),
                          authenticatorSelection: who } };
  }
  function told(made) {
    const answer = { clientDataJSON: text(made.response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (made.response[name]) answer[name] = text(made.response[name]);
    }
    return { type: made.type, id: made.id, rawId: text(made.rawId), response: answer, authenticatorAttachment: made.authenticatorAttachment,
             clientExtensionResults: made.getClientExtensionResults() };
  }
  async function options(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    return (await answer.json()).request_options;
  }
  async function go(form) {
    const line = form.querySelector("[data-passkey-told]"), creating = form.dataset.passkey === "create";
    try {
      const question = asked(await options(form), creating);
      const made = creating ? await navigator.credentials.create(question) : await navigator.credentials.get(question);
      form.querySelector("input[name=credential]").value = JSON.stringify(told(made));
      form.submit();
    } catch (reason) {
      line.hidden = false;
      line.textContent = form.dataset.failed;
    }
  }
  document.querySelectorAll("[data-passkey-part]").forEach((part) => { part.hidden = !can; });
  document.querySelectorAll("[data-passkey-missing]").forEach((part) => { part.hidden = Boolean(can); });
  document.querySelectorAll("[data-passkey-go]").forEach((button) => {
    button.disabled = !can;
    button.addEventListener("click", () => go(button.closest("form")));
  });
})();
