// Lo que la plantilla no da de fábrica a quien usa teclado o lector de pantalla, y la impresión.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Búsqueda");

  // El tema pone una barra a cada bloque de código al verlo; sin nombre, no es navegación.
  const nombrar = () =>
    document.querySelectorAll(".md-code__nav:not([role])").forEach((n) => n.setAttribute("role", "presentation"));
  nombrar();
  new MutationObserver(nombrar).observe(document.body, { childList: true, subtree: true });

  // Lo que se desplaza de lado se puede desplazar con el teclado; lo que cabe no estorba al tabulador.
  const medidor = new ResizeObserver((cambios) => {
    for (const { target: caja } of cambios) {
      if (caja.scrollWidth > caja.clientWidth + 1) caja.tabIndex = 0;
      else caja.removeAttribute("tabindex");
    }
  });
  document.querySelectorAll(".ecuacion > .formula, .formula.larga, .md-typeset__scrollwrap").forEach((caja) => medidor.observe(caja));
});

// En papel no se puede pulsar: las soluciones salen abiertas y vuelven a como estaban.
const abiertas = [];
addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not([open])").forEach((d) => { d.open = true; abiertas.push(d); });
});
addEventListener("afterprint", () => { while (abiertas.length) abiertas.pop().open = false; });
