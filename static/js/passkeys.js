// allauth's scripts do the passkey; this shows their buttons where passkeys can work, and says it when one did not.

export function start() {
  const status = document.getElementById("passkey-status");
  const possible = "PublicKeyCredential" in window && window.isSecureContext;
  for (const button of document.querySelectorAll("[data-webauthn]")) {
    button.hidden = !possible;
    button.addEventListener("click", () => status?.replaceChildren());
  }
  if (!possible && status) status.textContent = "Passkeys do not work in this browser. Use your authenticator app.";
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    if (status) status.textContent = "The passkey was not used: it was cancelled, took too long, or this device does not hold it. Try again, or choose another way.";
  });
}
