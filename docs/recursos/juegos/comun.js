// Lo que comparten los juegos: hacer elementos, escribir números en español, ponerse en el
// lugar de la figura fija y pedir el guion de cada uno cuando hace falta.
// Son guiones corrientes, no módulos: el navegador no carga módulos de una página abierta
// desde el disco, y el curso se puede leer así.
"use strict";

const Juegos = {
  // Un elemento con sus atributos y su contenido; `svg:path` es de SVG, `button` de HTML.
  crear(nombre, atributos = {}, ...contenido) {
    const [, svg, etiqueta] = /^(svg:)?(.*)$/.exec(nombre);
    const elemento = svg
      ? document.createElementNS("http://www.w3.org/2000/svg", etiqueta)
      : document.createElement(etiqueta);
    Juegos.poner(elemento, atributos);
    elemento.append(...contenido);
    return elemento;
  },

  poner(elemento, atributos) {
    for (const [clave, valor] of Object.entries(atributos)) {
      if (clave.startsWith("on")) elemento.addEventListener(clave.slice(2), valor);
      else if (typeof valor === "boolean") elemento.toggleAttribute(clave, valor);
      else elemento.setAttribute(clave, valor);
    }
  },

  // «−0,197»: coma decimal, el signo menos y tantas cifras significativas como se pidan.
  numero(x, cifras = 3) {
    if (Number.isNaN(x)) return "nan";
    if (!Number.isFinite(x)) return x > 0 ? "∞" : "−∞";
    if (x !== 0 && (Math.abs(x) >= 1e6 || Math.abs(x) < 1e-4)) {
      const [mantisa, exponente] = x.toExponential(cifras - 1).split("e");
      const sube = [...String(Number(exponente))].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
      return `${Juegos.numero(Number(mantisa), cifras)}·10${sube.join("")}`;
    }
    const texto = Number(x.toPrecision(cifras)).toString().replace(".", ",");
    return texto === "-0" ? "0" : texto.replace("-", "−");
  },

  // Un control con su nombre delante; `valor`, si lo hay, dice cuánto vale.
  control(nombre, campo, ...valor) {
    return Juegos.crear("label", { class: "control" }, Juegos.crear("span", {}, nombre), campo, ...valor);
  },

  // Una lista desplegable: opciones es `[[valor, texto], …]`.
  lista(opciones, alCambiar) {
    const filas = opciones.map(([valor, texto]) => Juegos.crear("option", { value: valor }, texto));
    return Juegos.crear("select", { onchange: alCambiar }, ...filas);
  },

  boton(texto, alPulsar) {
    return Juegos.crear("button", { type: "button", onclick: alPulsar }, texto);
  },

  // Pone lo que da `construir` en el sitio del dibujo y guarda en la figura lo que el juego
  // sabe calcular, para las pruebas y para quien curiosee desde la consola.
  montar(nombre, construir) {
    for (const figura of document.querySelectorAll(`figure[data-juego="${nombre}"]`)) {
      const tablero = Juegos.crear("div", { class: "tablero" });
      figura.juego = construir(tablero);
      figura.querySelector(".dibujo").append(tablero);
      figura.classList.add("vivo");
    }
  },
};

// Falta una pantalla para ver la figura: se pide su guion y, antes, los datos que necesite.
{
  const carpeta = new URL(".", document.currentScript.src), DATOS = { cifras: ["red"] };
  const cerca = new IntersectionObserver((figuras) => {
    for (const { target: figura, isIntersecting } of figuras) {
      if (!isIntersecting) continue;
      cerca.unobserve(figura);
      const { juego } = figura.dataset;
      for (const nombre of [...(DATOS[juego] ?? []), juego]) {
        const guion = Juegos.crear("script", { src: new URL(`${nombre}.js`, carpeta) });
        guion.async = false; // en orden
        document.head.append(guion);
      }
    }
  }, { rootMargin: "100%" });
  for (const figura of document.querySelectorAll("figure[data-juego]")) cerca.observe(figura);
}
