// The passkey at the counter: asks the server what to sign, has the browser
// sign it, and brings the answer back. A page without this script offers a
// password with a code, and a key file.
(() => {
  const can = window.PublicKeyCredential && PublicKeyCredential.parseRequestOptionsFromJSON;
  const post = async (address, body) => {
    const answer = await fetch(address, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    const got = await answer.json().catch(() => ({}));
    if (got.to && !answer.ok) location.assign(got.to);
    if (!answer.ok) throw new Error(got.say || "");
    return got;
  };
  const run = async (box) => {
    const say = box.querySelector("[data-say]");
    const button = box.querySelector("button");
    say.textContent = "";
    button.disabled = true;
    try {
      const ask = await post(box.dataset.ask, {});
      const make = box.dataset.passkey === "make";
      const options = make
        ? { publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(ask.options.publicKey) }
        : { publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(ask.options.publicKey) };
      const credential = await (make ? navigator.credentials.create(options) : navigator.credentials.get(options));
      const name = box.querySelector("input[data-name]");
      const got = await post(box.dataset.answer, { id: ask.id, name: name ? name.value : undefined, answer: credential.toJSON() });
      location.assign(got.to || box.dataset.to || "/");
    } catch (fault) {
      say.textContent = (fault.name === "Error" && fault.message) || box.dataset.failed;
      button.disabled = false;
    }
  };
  document.querySelectorAll("[data-passkey]").forEach((box) => {
    if (!can) return;
    box.hidden = false;
    box.querySelector("button").addEventListener("click", () => run(box));
  });

  // A set-up link carries its secret after the #, which no server sees: it is
  // handed in from here, and taken out of the address.
  const link = document.querySelector("form[data-link]");
  if (link && location.hash.length > 1) {
    link.querySelector("input").value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    link.submit();
  }
})();
