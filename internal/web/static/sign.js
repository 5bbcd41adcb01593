// Signing with a passkey: the browser asks the person, and the answer goes
// with the form. Without this script a key file signs.
(() => {
  const form = document.getElementById("signing");
  const box = form && form.querySelector("[data-passkey-sign]");
  if (!box || !form.dataset.options || !window.PublicKeyCredential || !PublicKeyCredential.parseRequestOptionsFromJSON) return;
  const say = form.querySelector("[data-say]");
  box.hidden = false;
  box.querySelector("button").addEventListener("click", async () => {
    say.textContent = "";
    try {
      const options = JSON.parse(form.dataset.options);
      const credential = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options.publicKey) });
      form.elements.answer.value = JSON.stringify(credential.toJSON());
      form.submit();
    } catch {
      say.textContent = form.dataset.failed;
    }
  });
})();
