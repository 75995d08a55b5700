// Dibuja una cifra: la red 784-15-10 contesta a cada trazo, y se ven sus 15 neuronas ocultas.
"use strict";
{
  const { crear } = Juegos;
  const LIENZO = 280, LADO = 28, CAJA = 20;

  // ── La red, la de red.js ────────────────────────────────────────────────────────

  const bytes = (texto) => Uint8Array.from(atob(texto), (c) => c.charCodeAt(0));
  const W1 = Array.from(new Int8Array(bytes(Juegos.red.W1).buffer), (w, i) => w * Juegos.red.escalas[Math.floor(i / 784)]);
  const { b1, W2, b2 } = Juegos.red;

  // De 784 píxeles entre 0 y 1, las activaciones ocultas y las diez probabilidades.
  function responder(x) {
    const ocultas = b1.map((b, j) => {
      let z = b;
      for (let i = 0; i < 784; i++) z += W1[784 * j + i] * x[i];
      return 1 / (1 + Math.exp(-z));
    });
    const logits = W2.map((fila, k) => fila.reduce((z, w, j) => z + w * ocultas[j], b2[k]));
    const mayor = Math.max(...logits), potencias = logits.map((z) => Math.exp(z - mayor));
    const suma = potencias.reduce((a, b) => a + b);
    return { ocultas, probabilidades: potencias.map((e) => e / suma) };
  }

  // ── Del dibujo a una imagen como las de MNIST: lo que hace like_mnist con la tinta ──

  // Al par más cercano cuando queda justo en medio, como Python.
  const redondear = (x) => (Math.abs(x % 1) === 0.5 ? 2 * Math.round(x / 2) : Math.round(x));

  // Encoge un lado: cada píxel nuevo es la media de los viejos que le caen dentro.
  function encoger(filas, largo) {
    const escala = filas.length / largo, radio = Math.max(escala, 1) / 2;
    return Array.from({ length: largo }, (_, i) => {
      const centro = (i + 0.5) * escala;
      const desde = Math.max(0, Math.floor(centro - radio + 0.5)), hasta = Math.min(filas.length, Math.floor(centro + radio + 0.5));
      return filas[0].map((_, j) => {
        let suma = 0;
        for (let k = desde; k < hasta; k++) suma += filas[k][j];
        return suma / (hasta - desde);
      });
    });
  }
  const traspuesta = (filas) => filas[0].map((_, j) => filas.map((fila) => fila[j]));
  const reducir = (filas, alto, ancho) => encoger(traspuesta(encoger(traspuesta(filas), ancho)), alto);

  // Recorta, encaja en 20 × 20 y lleva el centro de masas al medio; null si no hay trazo.
  function comoMnist(tinta) {
    const conTinta = (f) => [f.findIndex((fila) => fila.some(Boolean)), f.findLastIndex((fila) => fila.some(Boolean)) + 1];
    const [arriba, abajo] = conTinta(tinta), [izquierda, derecha] = conTinta(traspuesta(tinta));
    if (arriba < 0) return null;
    const recorte = tinta.slice(arriba, abajo).map((fila) => fila.slice(izquierda, derecha));
    const escala = CAJA / Math.max(recorte.length, recorte[0].length);
    const [alto, ancho] = [recorte.length, recorte[0].length].map((lado) => Math.max(1, redondear(lado * escala)));
    const chica = reducir(recorte, alto, ancho);
    const esquina = (f) => {
      const pesos = f.map((fila) => fila.reduce((a, b) => a + b)), total = pesos.reduce((a, b) => a + b);
      const centro = pesos.reduce((a, peso, i) => a + peso * i, 0) / total;
      return Math.min(Math.max(redondear((LADO - 1) / 2 - centro), 0), LADO - f.length);
    };
    const [fila0, columna0] = [esquina(chica), esquina(traspuesta(chica))];
    const claro = Math.max(...chica.map((fila) => Math.max(...fila))), imagen = new Array(784).fill(0);
    chica.forEach((fila, i) => fila.forEach((x, j) => (imagen[LADO * (fila0 + i) + columna0 + j] = redondear((255 * x) / claro))));
    return imagen;
  }

  // Sin encajar ni centrar: el lienzo entero, diez veces más pequeño.
  const tal = (filas) => reducir(filas, LADO, LADO).flat().map((x) => redondear(255 * x));

  const EJEMPLOS = (() => {
    const todos = bytes(Juegos.red.ejemplos), dentro = 24;
    return Array.from({ length: 10 }, (_, k) => {
      const imagen = new Array(784).fill(0);
      for (let i = 0; i < dentro * dentro; i++) imagen[LADO * (2 + Math.floor(i / dentro)) + 2 + (i % dentro)] = todos[dentro * dentro * k + i];
      return imagen;
    });
  })();

  // ── Dibujar ─────────────────────────────────────────────────────────────────────

  const NARANJA = [213, 94, 0], AZUL = [11, 132, 216];

  // Pinta 784 números en un lienzo de 28 × 28; de cada uno, `color` da rojo, verde, azul y opacidad.
  function pintar(lienzo, valores, color) {
    const pincel = lienzo.getContext("2d"), imagen = pincel.createImageData(LADO, LADO);
    valores.forEach((valor, i) => imagen.data.set(color(valor), 4 * i));
    pincel.putImageData(imagen, 0, 0);
  }
  const conSigno = (limite) => (w) => [...(w >= 0 ? NARANJA : AZUL), 255 * Math.min(1, Math.abs(w) / limite)];
  const negro = (pixel) => [0, 0, 0, pixel];
  const cuadro = (atributos = {}) => crear("canvas", { width: LADO, height: LADO, "aria-hidden": "true", ...atributos });
  // El límite deja fuera el uno por ciento de los pesos más grandes.
  const LIMITE = W1.map(Math.abs).sort((a, b) => a - b)[Math.floor(0.99 * W1.length)];

  // «−1,2», «0,0».
  const decimales = (x, cuantos) => x.toFixed(cuantos).replace(".", ",").replace(/^-(?=.*[1-9])/, "−").replace("-", "");
  // Sin decir nunca que algo es del todo seguro, o imposible.
  function porcentaje(p) {
    if (p > 0.9995) return "> 99,9\u00a0%";
    return p < 0.0005 ? "< 0,1\u00a0%" : `${decimales(100 * p, 1)}\u00a0%`;
  }

  // ── El juego ────────────────────────────────────────────────────────────────────

  Juegos.montar("cifras", (tablero) => {
    let pixeles = EJEMPLOS[3], ejemplo = 3; // `ejemplo` es null en cuanto se dibuja encima
    let lapiz = [LIENZO / 2, LIENZO / 2], bajado = false;

    const lienzo = crear("canvas", { width: LIENZO, height: LIENZO, "aria-hidden": "true" });
    const pincel = lienzo.getContext("2d", { willReadFrequently: true });
    const punta = crear("span", { class: "punta" });
    const papel = crear("div", {
      class: "papel", tabindex: "0", role: "application",
      "aria-label": "Papel. Las flechas mueven el lápiz; el espacio lo baja o lo levanta; suprimir lo borra todo.",
    }, lienzo, punta);
    const visto = cuadro({ class: "visto tinta" });
    // Lo mismo a la vista, a cada movimiento, y en voz alta, solo al acabar cada trazo.
    const aviso = crear("p", { class: "veredicto" }), voz = crear("p", { class: "voz", role: "status" });
    const barra = () => crear("span", { class: "barra" }), cuanto = () => crear("span", { class: "cuanto" });
    const barras = Array.from({ length: 10 }, (_, k) => crear("li", {}, crear("span", {}, `${k}`), barra(), cuanto()));
    const neuronas = b1.map((_, j) => crear("li", {}, cuadro(), barra(), crear("span", {}, `${j}`), cuanto(), crear("span", { class: "aporta" })));
    const encaja = crear("input", { type: "checkbox", checked: true, onchange: () => contestar() });
    const mapas = Juegos.lista([["pesos", "sus pesos"], ["sumas", "peso × tinta"]], () => mirar());
    const favor = Juegos.lista([["", "la que gana"], ...EJEMPLOS.map((_, k) => [k, `el ${k}`])], () => mirar());
    const botones = EJEMPLOS.map((_, k) => {
      const boton = Juegos.boton(`${k}`, () => elegir(k));
      boton.setAttribute("aria-label", `Ejemplo: un ${k}`);
      return boton;
    });

    tablero.append(
      crear("div", { class: "entrada" },
        papel,
        crear("div", { class: "botones-juego" }, Juegos.boton("Borrar", () => borrar()), crear("label", { class: "casilla" }, encaja, " Encajar y centrar")),
        crear("div", { class: "ejemplos", role: "group", "aria-label": "Cifras de ejemplo" }, ...botones),
      ),
      crear("div", { class: "salida" },
        crear("div", { class: "ve" }, visto, crear("p", {}, "Lo que ve la red: 28 × 28 píxeles.")),
        aviso, voz,
        crear("ol", { class: "barras", "aria-label": "Probabilidad de cada cifra" }, ...barras),
      ),
      crear("div", { class: "ocultas" },
        crear("div", { class: "mandos" },
          Juegos.control("Cada mapa de las 15 ocultas:", mapas),
          Juegos.control("Con signo, lo que suma al logit de:", favor),
        ),
        crear("ol", { class: "neuronas", "aria-label": "Neuronas ocultas: activación y lo que suma" }, ...neuronas),
      ),
    );

    const leer = () => {
      const { data } = pincel.getImageData(0, 0, LIENZO, LIENZO);
      return Array.from({ length: LIENZO }, (_, i) => Array.from({ length: LIENZO }, (_, j) => data[4 * (LIENZO * i + j) + 3] / 255));
    };

    // Vuelve a mirar el papel y lo pone todo al día, menos lo que se dice en voz alta.
    function mirar() {
      // Un ejemplo ya es una imagen de MNIST: se mira tal cual.
      if (ejemplo !== null) pixeles = EJEMPLOS[ejemplo];
      else pixeles = encaja.checked ? comoMnist(leer()) ?? new Array(784).fill(0) : tal(leer());
      const x = pixeles.map((p) => p / 255), { ocultas, probabilidades } = responder(x);
      const orden = [...probabilidades.keys()].sort((a, b) => probabilidades[b] - probabilidades[a]);
      const cifra = favor.value || orden[0];
      pintar(visto, pixeles, negro);
      neuronas.forEach((neurona, j) => {
        const [mapa, barra, , cuanto, aporta] = neurona.children, pesos = W1.slice(784 * j, 784 * (j + 1));
        pintar(mapa, mapas.value === "pesos" ? pesos : pesos.map((w, i) => w * x[i]), conSigno(LIMITE));
        barra.style.setProperty("--parte", ocultas[j]);
        cuanto.textContent = decimales(ocultas[j], 2);
        const suma = W2[cifra][j] * ocultas[j];
        aporta.textContent = `${suma < 0.05 ? "" : "+"}${decimales(suma, 1)}`;
        aporta.dataset.signo = Math.sign(Math.round(10 * suma));
      });
      barras.forEach((fila, k) => {
        fila.classList.toggle("gana", k === orden[0]);
        fila.children[1].style.setProperty("--parte", probabilidades[k]);
        fila.children[2].textContent = porcentaje(probabilidades[k]);
      });
      const [uno, dos] = orden.map((k) => `${k} (${porcentaje(probabilidades[k])})`);
      aviso.textContent = `${pixeles.some(Boolean) ? "Contesta" : "Sin un solo trazo, contesta"} ${uno}; después, ${dos}.`;
    }

    function contestar() {
      mirar();
      voz.textContent = aviso.textContent;
    }

    function elegir(k) {
      ejemplo = k;
      const chico = cuadro();
      pintar(chico, EJEMPLOS[k], negro);
      pincel.clearRect(0, 0, LIENZO, LIENZO);
      pincel.imageSmoothingEnabled = false;
      pincel.drawImage(chico, 0, 0, LIENZO, LIENZO);
      contestar();
    }

    function borrar() {
      ejemplo = null;
      pincel.clearRect(0, 0, LIENZO, LIENZO);
      contestar();
    }

    function trazar(hasta) {
      ejemplo = null;
      Object.assign(pincel, { lineWidth: 22, lineCap: "round", lineJoin: "round" });
      pincel.beginPath();
      pincel.moveTo(...lapiz);
      pincel.lineTo(hasta[0], hasta[1] + 0.01); // un toque también mancha
      pincel.stroke();
      lapiz = hasta;
    }

    // Con ratón o con el dedo.
    const donde = (suceso) => {
      const caja = lienzo.getBoundingClientRect();
      return [((suceso.clientX - caja.left) * LIENZO) / caja.width, ((suceso.clientY - caja.top) * LIENZO) / caja.height];
    };
    let dibuja = false;
    papel.addEventListener("pointerdown", (suceso) => {
      if (!suceso.isPrimary || suceso.button) return;
      dibuja = true;
      papel.setPointerCapture(suceso.pointerId);
      lapiz = donde(suceso);
      trazar(lapiz);
      mirar();
    });
    papel.addEventListener("pointermove", (suceso) => {
      if (!dibuja) return;
      for (const parte of suceso.getCoalescedEvents?.() ?? [suceso]) trazar(donde(parte));
      mirar();
    });
    for (const final of ["pointerup", "pointercancel"]) {
      papel.addEventListener(final, () => {
        if (dibuja) contestar();
        dibuja = false;
      });
    }

    // Con el teclado: el lápiz se ve mientras el papel tiene el foco.
    const moverPunta = () => {
      punta.style.setProperty("--x", lapiz[0] / LIENZO);
      punta.style.setProperty("--y", lapiz[1] / LIENZO);
      punta.classList.toggle("bajada", bajado);
    };
    papel.addEventListener("focus", moverPunta);
    papel.addEventListener("keydown", (suceso) => {
      const paso = { ArrowLeft: [-10, 0], ArrowRight: [10, 0], ArrowUp: [0, -10], ArrowDown: [0, 10] }[suceso.key];
      if (paso) {
        const hasta = lapiz.map((z, j) => Math.min(Math.max(z + paso[j], 10), LIENZO - 10));
        if (bajado) {
          trazar(hasta);
          mirar();
        }
        lapiz = hasta;
      } else if (suceso.key === " " || suceso.key === "Enter") {
        bajado = !bajado;
        if (bajado) trazar(lapiz);
        contestar();
      } else if (suceso.key === "Delete" || suceso.key === "Backspace") borrar();
      else return;
      suceso.preventDefault();
      moverPunta();
    });
    papel.addEventListener("blur", () => (bajado = false));

    elegir(3);
    return { responder, comoMnist, leer, pixeles: () => pixeles };
  });
}
