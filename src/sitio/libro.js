/* Lo que hace quien maqueta un libro: si una figura no cabe en lo que queda de hoja, el
   texto que la sigue pasa delante y ella abre la siguiente. Cada capítulo se mide en
   columnas del tamaño de una hoja, que el navegador parte igual que las hojas. */

const ALTO = 963; // px, como en imprimir.css
const FLOTA = "figure:is(.figura, .tabla, .codigo)";
const FRENA = "h1, h2, section, hr, .admonition, .ejercicio, .lista";

const principio = (caja) => caja.getClientRects()[0];
const fin = (caja) => [...caja.getClientRects()].at(-1);
const cambiaDeHoja = (antes, caja) => principio(caja).left > fin(antes).right - 1;

/* Las hojas de estilo, como en papel. */
function enPapel() {
  for (const hoja of document.styleSheets) {
    for (const regla of [hoja, ...hoja.cssRules]) {
      const medio = regla.media?.mediaText ?? "";
      if (medio.includes("print")) regla.media.mediaText = "all";
      if (medio.includes("screen")) regla.media.mediaText = "not all";
    }
  }
}

/* Con qué empieza una figura: con ella o con los títulos que la preceden. */
function arranque(figura) {
  const antes = figura.previousElementSibling;
  return antes?.matches("h2, h3, h4") ? arranque(antes) : figura;
}

/* Hasta dónde puede bajar: tras un párrafo o un código que no anuncie lo que sigue, sin
   adelantar a las de su clase. Solo deja su apartado si la hoja quedaba medio vacía. */
function parada(figura, vacio) {
  const frena = `${FRENA}, figure.${figura.classList[0]}${vacio > 0.4 ? "" : ", h3, h4"}`;
  for (let caja = figura.nextElementSibling; caja && !caja.matches(frena); caja = caja.nextElementSibling) {
    const sigue = caja.nextElementSibling;
    const seguida = /[:,]\s*$/.test(caja.textContent) || sigue?.matches(".salida, .tabbed-set, .ecuacion")
      || (sigue?.matches("p") && /^\s*\p{Ll}/u.test(sigue.textContent));
    if (!seguida && caja.matches("p, ul, ol, .highlight, .tabbed-set, figure")) return caja;
  }
  return null;
}

function bajar(figura) {
  for (;;) {
    const parte = arranque(figura);
    const antes = parte.previousElementSibling;
    if (!antes || !cambiaDeHoja(antes, parte)) return;
    const pie = fin(antes).bottom - figura.closest(".pagina").getBoundingClientRect().top;
    const vacio = 1 - pie / ALTO;
    const hasta = vacio > 0.12 && parada(figura, vacio);
    if (!hasta) return;
    const siguiente = figura.nextSibling;
    hasta.after(figura);
    if (cambiaDeHoja(antes, antes.nextElementSibling)) return siguiente.before(figura);
  }
}

addEventListener("load", () => {
  if (!matchMedia("print").matches) enPapel();
  for (const pagina of document.querySelectorAll(".pagina")) {
    pagina.classList.add("por-hojas");
    pagina.querySelectorAll(FLOTA).forEach(bajar);
    pagina.classList.remove("por-hojas");
  }
});
document.body.offsetHeight; // pide ya las fuentes: sin ellas no hay medida que valga
