// Puertas: un grafo que se recorre paso a paso, hacia delante y hacia atrás, con la cuenta escrita.
"use strict";
{
  const { crear, numero } = Juegos;
  const corto = (x) => numero(x, 3);
  // Dentro de un producto, un número negativo va entre paréntesis.
  const factor = (x) => (x < 0 ? `(${corto(x)})` : corto(x));

  // ── Las puertas: valor y derivadas locales, las de apuntes.graph.Value ──────────
  // `locales` recibe las entradas y, detrás, el valor.

  const PUERTAS = {
    "+": {
      valor: (x, y) => x + y,
      locales: () => [1, 1],
      cuenta: (x, y) => `${corto(x)} + ${factor(y)}`,
      regla: "La suma reparte lo que le llega.",
    },
    "×": {
      valor: (x, y) => x * y,
      locales: (x, y) => [y, x],
      cuenta: (x, y) => `${factor(x)} · ${factor(y)}`,
      regla: "El producto da a cada entrada el valor de la otra.",
    },
    "máx": {
      valor: Math.max,
      locales: (x, y) => (x === y ? [0.5, 0.5] : [Number(x > y), Number(y > x)]),
      cuenta: (x, y) => `máx(${corto(x)}; ${corto(y)})`,
      regla: "El máximo se lo da todo a la mayor; en un empate, la mitad a cada una.",
    },
    "σ": {
      valor(x) {
        const chica = Math.exp(-Math.abs(x));
        return (x >= 0 ? 1 : chica) / (1 + chica);
      },
      locales: (_, s) => [s * (1 - s)],
      cuenta: (x) => `σ(${corto(x)})`,
      regla: "La sigmoide multiplica por s(1 − s), con s su valor.",
    },
  };

  // Cada nodo: nombre, puerta y de quién viene, o el valor con que empieza; columna y fila.
  const GRAFOS = {
    "2(xy + máx(z, w))": [
      ["x", 3, 0, 0], ["y", -4, 0, 1], ["z", 2, 0, 2], ["w", -1, 0, 3],
      ["p", ["×", "x", "y"], 1, 0.5], ["m", ["máx", "z", "w"], 1, 2.5],
      ["dos", 2, 2, 0.2], ["s", ["+", "p", "m"], 2, 1.5], ["f", ["×", "s", "dos"], 3, 1.5],
    ],
    "(x + y) z": [
      ["x", -2, 0, 0], ["y", 5, 0, 1.2], ["z", -4, 0, 2.4],
      ["q", ["+", "x", "y"], 1, 0.6], ["f", ["×", "q", "z"], 2, 1.5],
    ],
    "xy + x": [
      ["x", 3, 0, 0.2], ["y", 4, 0, 2], ["p", ["×", "x", "y"], 1, 1.5], ["f", ["+", "p", "x"], 2, 0.8],
    ],
    "σ(w₀x₀ + w₁x₁ + w₂)": [
      ["w₀", 2, 0, 0], ["x₀", -1, 0, 1], ["w₁", -3, 0, 2], ["x₁", -2, 0, 3],
      ["p", ["×", "w₀", "x₀"], 1, 0.5], ["q", ["×", "w₁", "x₁"], 1, 2.5],
      ["s", ["+", "p", "q"], 2, 1.5], ["w₂", -3, 2, 3], ["z", ["+", "s", "w₂"], 3, 1.9], ["a", ["σ", "z"], 4, 1.9],
    ],
  };

  // Todos los pasos de un grafo con unas entradas: primero la ida, puerta a puerta; luego la vuelta.
  function recorrer(grafo, entradas = {}) {
    const nodos = GRAFOS[grafo].map(([nombre, que]) => {
      const [puerta, ...de] = Array.isArray(que) ? que : [];
      return { nombre, puerta, de, valor: puerta ? null : entradas[nombre] ?? que };
    });
    const puertas = nodos.filter((n) => n.puerta), salida = puertas.at(-1).nombre;
    const valores = Object.fromEntries(nodos.map((n) => [n.nombre, n.valor])), derivadas = {}, partes = {};
    const foto = (activa, texto, regla) => ({ activa, texto, regla, valores: { ...valores }, derivadas: { ...derivadas }, partes: { ...partes } });
    const pasos = [foto(null, "Ida: cada puerta calcula su valor.", "")];
    for (const { nombre, puerta, de } of puertas) {
      const x = de.map((d) => valores[d]);
      valores[nombre] = PUERTAS[puerta].valor(...x);
      pasos.push(foto(nombre, `${nombre} = ${PUERTAS[puerta].cuenta(...x)} = ${corto(valores[nombre])}`, ""));
    }
    derivadas[salida] = 1;
    pasos.push(foto(salida, `Vuelta: la derivada de ${salida} respecto de sí misma es 1.`, ""));
    for (const { nombre, puerta, de } of [...puertas].reverse()) {
      const llega = derivadas[nombre], locales = PUERTAS[puerta].locales(...de.map((d) => valores[d]), valores[nombre]);
      const cuentas = de.map((d, j) => {
        const parte = llega * locales[j], antes = derivadas[d];
        derivadas[d] = (antes ?? 0) + parte;
        partes[`${d}→${nombre}`] = parte;
        const suma = antes === undefined ? "" : `; con lo que ya tenía, ${corto(antes)} + ${factor(parte)} = ${corto(derivadas[d])}`;
        return `A ${d} le llega ${factor(llega)} · ${factor(locales[j])} = ${corto(parte)}${suma}`;
      });
      pasos.push(foto(nombre, `${cuentas.join(". ")}.`, PUERTAS[puerta].regla));
    }
    return pasos;
  }

  // ── El dibujo ───────────────────────────────────────────────────────────────────

  const RADIO = 17, FILA = 73, ANCHO = 400, ALTO = 292, MARGEN = 34;

  function dibujar(grafo, { activa, valores, derivadas, partes }) {
    const nodos = GRAFOS[grafo], columnas = Math.max(...nodos.map((n) => n[2]));
    const sitio = Object.fromEntries(nodos.map(([nombre, , c, f]) => [nombre, [MARGEN + ((ANCHO - 2 * MARGEN) * c) / columnas, 34 + FILA * f]]));
    const flechas = [], numeros = [], circulos = [];
    for (const [nombre, que] of nodos) {
      const [x, y] = sitio[nombre], [puerta, ...de] = Array.isArray(que) ? que : [];
      for (const d of de) {
        const [a, b] = sitio[d], largo = Math.hypot(x - a, y - b), [u, v] = [(x - a) / largo, (y - b) / largo];
        const clase = nombre === activa ? "flecha activa" : "flecha";
        const [desde, hasta] = [[a + RADIO * u, b + RADIO * v], [x - (RADIO + 4) * u, y - (RADIO + 4) * v]];
        flechas.push(crear("svg:path", { class: clase, d: `M${desde}L${hasta}`, "marker-end": "url(#juego-punta)" }));
        // Sobre la arista, su parte, cuando de un nodo salen varias.
        const varias = nodos.filter(([, q]) => Array.isArray(q) && q.includes(d, 1)).length > 1;
        const parte = partes[`${d}→${nombre}`];
        if (varias && parte !== undefined) numeros.push(rotulo((a + x) / 2, (b + y) / 2, corto(parte), "atras"));
      }
      circulos.push(
        crear("svg:circle", { cx: x, cy: y, r: RADIO, class: nombre === activa ? "nodo activo" : puerta ? "nodo" : "nodo entrada" }),
        crear("svg:text", { x, y: y + 4.5, "text-anchor": "middle", class: "puerta" }, puerta ?? nombre),
      );
      const valor = valores[nombre];
      if (valor !== null) numeros.push(rotulo(x, y - RADIO - 8, puerta ? `${nombre} = ${corto(valor)}` : corto(valor), "delante"));
      if (derivadas[nombre] !== undefined) numeros.push(rotulo(x, y + RADIO + 9, corto(derivadas[nombre]), "atras"));
    }
    return [...flechas, ...circulos, ...numeros];
  }
  const rotulo = (x, y, texto, clase) => crear("svg:text", { x, y: y + 4, "text-anchor": "middle", class: `numero-nodo ${clase}` }, texto);

  // ── El juego ────────────────────────────────────────────────────────────────────

  Juegos.montar("puertas", (tablero) => {
    let grafo = Object.keys(GRAFOS)[0], entradas = {}, paso = 0;

    const punta = crear("svg:marker", { id: "juego-punta", viewBox: "0 0 8 8", refX: 4, refY: 4, markerWidth: 8, markerHeight: 8, markerUnits: "userSpaceOnUse", orient: "auto" }, crear("svg:path", { d: "M0,0L8,4L0,8z" }));
    const capa = crear("svg:g"), svg = crear("svg:svg", { class: "grafo", viewBox: `0 0 ${ANCHO} ${ALTO}`, role: "img" }, punta, capa);
    const lista = Juegos.lista(Object.keys(GRAFOS).map((g) => [g, `${GRAFOS[g].at(-1)[0]} = ${g}`]), () => {
      [grafo, entradas, paso] = [lista.value, {}, 0];
      hacerCasillas();
      mostrar();
    });
    const casillas = crear("div", { class: "casillas", role: "group", "aria-label": "Entradas" });
    const atras = Juegos.boton("← Atrás", () => ir(paso - 1)), adelante = Juegos.boton("Adelante →", () => ir(paso + 1));
    const reiniciar = Juegos.boton("Reiniciar", () => {
      entradas = {};
      hacerCasillas();
      ir(0);
    });
    const cuenta = crear("p", { class: "veredicto" }), regla = crear("p", { class: "estado" });
    const dicho = crear("div", { class: "dicho", role: "status" }, cuenta, regla), donde = crear("span", { class: "cuantos" });

    tablero.append(
      crear("div", { class: "mandos" }, Juegos.control("Grafo", lista), casillas),
      svg,
      crear("div", { class: "botones-juego" }, atras, adelante, reiniciar, donde),
      dicho,
    );

    function hacerCasillas() {
      const campos = GRAFOS[grafo].filter(([, que]) => !Array.isArray(que)).map(([nombre, valor]) => {
        const campo = crear("input", {
          type: "number", step: 0.1, min: -100, max: 100, value: entradas[nombre] ?? valor,
          oninput() {
            const x = campo.valueAsNumber;
            if (!(Math.abs(x) <= 100)) return; // vacía, a medio escribir o enorme
            entradas[nombre] = x;
            mostrar();
          },
        });
        return crear("label", {}, `${nombre} =`, campo);
      });
      casillas.replaceChildren(...campos);
    }

    function ir(nuevo) {
      paso = nuevo;
      mostrar();
      // Un botón apagado pierde el foco: pasa al que sigue vivo.
      if (document.activeElement === document.body || document.activeElement?.disabled) (adelante.disabled ? atras : adelante).focus();
    }

    function mostrar() {
      const pasos = recorrer(grafo, entradas), ahora = pasos[paso];
      capa.replaceChildren(...dibujar(grafo, ahora));
      Juegos.poner(svg, { "aria-label": `Valores: ${enFila(ahora.valores)}. Derivadas: ${enFila(ahora.derivadas)}.` });
      [cuenta.textContent, regla.textContent] = [ahora.texto, ahora.regla];
      donde.textContent = `${paso}/${pasos.length - 1}`;
      [atras.disabled, adelante.disabled] = [paso === 0, paso === pasos.length - 1];
    }

    // Lo que el dibujo enseña, para quien no lo ve.
    function enFila(tabla) {
      const pares = Object.entries(tabla).filter(([, x]) => x !== null).map(([nombre, x]) => `${nombre}, ${corto(x)}`);
      return pares.join("; ") || "aún ninguna";
    }

    hacerCasillas();
    mostrar();
    return { recorrer, GRAFOS };
  });
}
