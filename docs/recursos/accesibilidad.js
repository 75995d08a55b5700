// Lo que la plantilla no da de fábrica a quien usa teclado o lector de pantalla, y la impresión.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector(".md-search[role=dialog]")?.setAttribute("aria-label", "Búsqueda");
  menu();

  // El cambio de esquema parece un botón: también responde a la barra espaciadora.
  document.querySelector("[data-md-component=palette]")?.addEventListener("keydown", (tecla) => {
    if (tecla.key !== " ") return;
    tecla.preventDefault();
    tecla.target.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  });

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
  document.querySelectorAll("pre > code, .ecuacion > .formula, .formula.larga, .md-typeset__scrollwrap").forEach((caja) => medidor.observe(caja));
});

// En papel no se puede pulsar: las soluciones salen abiertas y vuelven a como estaban.
const abiertas = [];
addEventListener("beforeprint", () => {
  document.querySelectorAll("details:not([open])").forEach((d) => { d.open = true; abiertas.push(d); });
});
addEventListener("afterprint", () => { while (abiertas.length) abiertas.pop().open = false; });

// En una pantalla estrecha el tema abre el menú con etiquetas, que el teclado no alcanza: aquí son botones.
// Lo que queda fuera de la vista, el cajón cerrado o un panel debajo de otro, no recibe el foco.
function menu() {
  const lateral = document.querySelector(".md-sidebar--primary");
  const cajon = document.getElementById("__drawer");
  const estrecha = matchMedia("(max-width: 76.2344em)");
  const botones = new Map();
  const primero = (donde) =>
    [...donde.querySelectorAll("a, button")].find((e) => !e.closest("[inert]") && e.offsetParent)?.focus({ preventScroll: true });

  function ordenar() {
    lateral.inert = estrecha.matches && !cajon.checked;
    for (const lista of lateral.querySelectorAll(".md-nav__list")) {
      const abierto = lista.querySelector(":scope > li > .md-nav__toggle:checked");
      const debajo = [...lista.parentNode.children, ...lista.querySelectorAll(":scope > li > :not(nav)")];
      for (const e of debajo) if (e !== lista) e.inert = estrecha.matches && abierto !== null;
      for (const panel of lista.querySelectorAll(":scope > li > nav"))
        panel.inert = estrecha.matches && panel.parentNode.querySelector(".md-nav__toggle") !== abierto;
    }
    for (const [boton, control] of botones) {
      boton.tabIndex = estrecha.matches ? 0 : -1;
      boton.setAttribute("aria-expanded", control.checked);
    }
  }

  function convertir(etiqueta) {
    const control = document.getElementById(etiqueta.htmlFor);
    const boton = document.createElement("button");
    boton.type = "button";
    for (const { name, value } of etiqueta.attributes) boton.setAttribute(name, value); // `for` también: el tema elige por él
    boton.append(...etiqueta.childNodes);
    etiqueta.replaceWith(boton);
    botones.set(boton, control);
    boton.addEventListener("click", () => {
      control.click();
      if (control.checked) primero(control === cajon ? lateral : boton.parentNode.querySelector("nav"));
      else document.querySelector(`button[for="${control.id}"]`).focus({ preventScroll: true });
    });
    return boton;
  }

  function preparar() {
    if (estrecha.matches && !botones.size) {
      convertir(document.querySelector(".md-header__button[for=__drawer]")).setAttribute("aria-label", "Menú");
      lateral.querySelectorAll("label:not([for=__drawer])").forEach(convertir);
    }
    ordenar();
  }
  preparar();
  estrecha.addEventListener("change", preparar);
  document.addEventListener("change", (cambio) => { if (cambio.target.matches(".md-toggle")) ordenar(); });
  document.addEventListener("keydown", (tecla) => {
    if (tecla.key !== "Escape" || !cajon.checked) return;
    cajon.click();
    document.querySelector("button[for=__drawer]")?.focus();
  });
  // Quien sale del menú con el tabulador lo deja cerrado.
  document.addEventListener("focusin", ({ target }) => {
    if (cajon.checked && !lateral.contains(target) && target.getAttribute("for") !== "__drawer") cajon.click();
  });
}
