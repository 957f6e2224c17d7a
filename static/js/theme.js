// Loaded before anything is painted, so that a dark page never flashes white.
(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try {
      return localStorage.getItem("tandem-theme") || "system";
    } catch {
      return "system"; // storage may be forbidden
    }
  };
  const show = (theme) => {
    document.documentElement.setAttribute("data-bs-theme", theme);
    // The bar of the browser or of the phone around the page.
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) meta.content = meta.dataset[theme];
  };
  const apply = () => {
    const choice = chosen();
    const theme = choice === "system" ? (dark.matches ? "dark" : "light") : choice;
    show(theme);
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
      button.closest("[data-theme-switch]").hidden = false;
    }
  };
  apply();
  dark.addEventListener("change", apply);
  document.addEventListener("DOMContentLoaded", apply);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem("tandem-theme", button.dataset.themeChoice);
    } catch {
      const choice = button.dataset.themeChoice;
      show(choice === "system" ? (dark.matches ? "dark" : "light") : choice);
      return;
    }
    apply();
  });
})();
