// Descenso: eliges salida, tasa y optimizador, y ves el camino, el coste y cómo acaba.
"use strict";
{
  const { crear, poner, numero } = Juegos;

  // ── Las cuentas: las de apuntes.descent y apuntes.optimizers, en el mismo orden ──

  const FUNCIONES = {
    q: {
      nombre: "Cuadrática q",
      valor: (x, y) => (x * x) / 2 + 2 * (y * y) - x * y,
      gradiente: (x, y) => [x - y, 4 * y - x],
      minimos: [[0, 0]],
      lado: 1.6, // el mapa va de −lado a lado
      niveles: [0, 0.05, 0.2, 0.5, 1, 1.7, 2.6, 3.5, 5, 7, 9.5],
      marcas: [-1, 0, 1],
      salida: [1, -1],
      tasa: 0.1,
    },
    himmelblau: {
      nombre: "Himmelblau",
      valor: (x, y) => (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
      gradiente: (x, y) => {
        const a = x * x + y - 11, b = x + y * y - 7;
        return [4 * x * a + 2 * b, 2 * a + 4 * y * b];
      },
      minimos: [
        [3, 2],
        [-2.805118086952745, 3.131312518250573],
        [-3.779310253377747, -3.28318599128617],
        [3.584428340330492, -1.848126526964404],
      ],
      lado: 5,
      niveles: [0, 2, 8, 20, 40, 70, 110, 160, 230, 330, 500, 900],
      marcas: [-4, -2, 0, 2, 4],
      salida: [0, -1],
      tasa: 0.01,
    },
  };

  // Cada optimizador da, de una componente del gradiente y de su memoria, lo que se resta.
  const inercia = (g, memoria, mu) => (memoria.u = mu * (memoria.u ?? 0) + g);
  const OPTIMIZADORES = {
    SGD: { nombre: "SGD", resta: (g, tasa) => tasa * g },
    momento: { nombre: "Momento", resta: (g, tasa, memoria) => tasa * inercia(g, memoria, 0.9) },
    Nesterov: { nombre: "Nesterov", resta: (g, tasa, memoria) => tasa * (g + 0.9 * inercia(g, memoria, 0.9)) },
    Adagrad: {
      nombre: "Adagrad",
      resta(g, tasa, memoria) {
        memoria.s = (memoria.s ?? 0) + g * g;
        return (tasa * g) / (Math.sqrt(memoria.s) + 1e-10);
      },
    },
    RMSprop: {
      nombre: "RMSProp",
      resta(g, tasa, memoria) {
        memoria.s = 0.99 * (memoria.s ?? 0) + (1 - 0.99) * (g * g);
        return tasa * (g / (Math.sqrt(memoria.s) + 1e-8));
      },
    },
    Adam: {
      nombre: "Adam",
      resta(g, tasa, memoria, t) {
        memoria.m = 0.9 * (memoria.m ?? 0) + (1 - 0.9) * g;
        memoria.v = 0.999 * (memoria.v ?? 0) + (1 - 0.999) * (g * g);
        const m = memoria.m / (1 - 0.9 ** t), v = memoria.v / (1 - 0.999 ** t);
        return (tasa * m) / (Math.sqrt(v) + 1e-8);
      },
    },
  };

  function trayectoria({ funcion, optimizador, tasa, salida, pasos }) {
    const { gradiente } = FUNCIONES[funcion], { resta } = OPTIMIZADORES[optimizador];
    const memorias = [{}, {}], camino = [salida];
    for (let t = 1; t <= pasos; t++) {
      const punto = camino.at(-1), pendiente = gradiente(...punto);
      camino.push(punto.map((x, j) => x - resta(pendiente[j], tasa, memorias[j], t)));
    }
    return camino;
  }

  // ── El veredicto, tras dos mil pasos ────────────────────────────────────────────

  const LARGO = 2000, COLA = 100, CERCA = 1e-3, LEJOS = 1e6;
  const distancia = ([x, y], [a, b]) => Math.hypot(x - a, y - b);

  function veredicto(eleccion) {
    const funcion = FUNCIONES[eleccion.funcion];
    const camino = trayectoria({ ...eleccion, pasos: LARGO }), cola = camino.slice(-COLA);
    const paso = camino.findIndex(([x, y]) => !(Math.hypot(x, y) < LEJOS));
    if (paso >= 0) return { clase: "diverge", paso };
    const minimo = funcion.minimos.reduce((a, b) => (distancia(cola.at(-1), b) < distancia(cola.at(-1), a) ? b : a));
    const radio = Math.max(...cola.map((p) => distancia(p, minimo)));
    if (radio < CERCA) return { clase: "llega", minimo, paso: camino.findLastIndex((p) => distancia(p, minimo) >= CERCA) + 1 };
    const periodo = [2, 4, 8].find((k) => cola.every((p, i) => i < k || distancia(p, cola[i - k]) < 1e-6));
    if (periodo) return { clase: "salta", periodo, minimo, radio };
    const costes = cola.map((p) => funcion.valor(...p));
    if (costes.every((J, i) => i === 0 || J < costes[i - 1])) return { clase: "va", coste: costes.at(-1) };
    return { clase: "vueltas", minimo, radio };
  }

  const pareja = (p, cifras = 3) => `(${p.map((x) => numero(x, cifras)).join("; ")})`;
  const EN_PALABRAS = {
    llega: (v) => `Llega al mínimo ${pareja(v.minimo)} en el paso ${v.paso}.`,
    diverge: (v) => `Diverge: en el paso ${v.paso} está ya a más de un millón.`,
    salta: (v) => `No llega: acaba saltando entre ${v.periodo} puntos, a ${numero(v.radio, 2)} o menos de ${pareja(v.minimo)}.`,
    va: (v) => `Va despacio: en el paso ${LARGO} el coste es ${numero(v.coste, 2)} y sigue bajando.`,
    vueltas: (v) => `No se asienta: en el paso ${LARGO} sigue dando vueltas, a ${numero(v.radio, 2)} o menos de ${pareja(v.minimo)}.`,
  };

  // ── El mapa ─────────────────────────────────────────────────────────────────────

  const MAPA = { ancho: 400, alto: 394, izquierda: 30, arriba: 6, lado: 364 };

  // Segmentos de la curva de nivel, celda a celda de una rejilla de 80 × 80.
  function curva({ valor, lado }, nivel, aPantalla) {
    const N = 80, en = (i) => lado * ((2 * i) / N - 1), trozos = [];
    const alturas = Array.from({ length: N + 1 }, (_, i) => Array.from({ length: N + 1 }, (_, j) => valor(en(i), en(j)) - nivel));
    const corte = (i, j, k, l) => {
      const [a, b] = [alturas[i][j], alturas[k][l]], s = a / (a - b);
      return aPantalla([en(i + s * (k - i)), en(j + s * (l - j))]);
    };
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < N; j++) {
        const vueltas = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
        const cortes = vueltas.flatMap(([a, b], k) => {
          const [c, d] = vueltas[(k + 1) % 4];
          return alturas[a][b] < 0 !== alturas[c][d] < 0 ? [corte(a, b, c, d)] : [];
        });
        for (let k = 0; k + 1 < cortes.length; k += 2) trozos.push(`M${cortes[k]}L${cortes[k + 1]}`);
      }
    }
    return trozos.join("");
  }

  // El tinte, como en las demás figuras: cuanto más hondo, más azul.
  function tinte({ valor, lado, niveles }) {
    const N = 260, lienzo = crear("canvas", { width: N, height: N }), pincel = lienzo.getContext("2d");
    const imagen = pincel.createImageData(N, N);
    for (let i = 0; i < N * N; i++) {
      const x = lado * ((2 * ((i % N) + 0.5)) / N - 1), y = -lado * ((2 * (Math.floor(i / N) + 0.5)) / N - 1);
      const banda = Math.min((niveles.findLastIndex((n) => valor(x, y) >= n)) / (niveles.length - 2), 1);
      const opaco = banda < 0.5 ? 0.85 - 1.1 * banda : 0.3 - 0.52 * (banda - 0.5);
      imagen.data.set([11, 132, 216, 255 * opaco], 4 * i);
    }
    pincel.putImageData(imagen, 0, 0);
    return lienzo.toDataURL();
  }

  const ESTRELLA = Array.from({ length: 10 }, (_, k) => {
    const r = k % 2 ? 3.6 : 9, angulo = (Math.PI * k) / 5;
    return `${(r * Math.sin(angulo)).toFixed(2)},${(-r * Math.cos(angulo)).toFixed(2)}`;
  }).join(" ");

  function hacerMapa(alElegir) {
    const capas = Object.fromEntries(
      ["fondo", "niveles", "ejes", "minimos"].map((c) => [c, crear("svg:g", { class: c })]),
    );
    const halo = crear("svg:path", { class: "halo" }), linea = crear("svg:path", { class: "linea" });
    const puntos = crear("svg:path", { class: "puntos" }), fin = crear("svg:polygon", { class: "fin", points: ESTRELLA });
    const asa = crear("svg:g", { class: "asa" }, crear("svg:circle", { r: 22, class: "dedo" }), crear("svg:circle", { r: 7 }));
    const { izquierda, arriba, lado } = MAPA;
    const marco = crear("svg:rect", { x: izquierda, y: arriba, width: lado, height: lado, class: "marco" });
    const recorte = crear("svg:clipPath", { id: "juego-recorte" }, marco.cloneNode());
    const dentro = crear("svg:g", { "clip-path": "url(#juego-recorte)" }, capas.fondo, capas.niveles, capas.minimos, halo, linea, puntos, fin);
    const svg = crear("svg:svg", { viewBox: `0 0 ${MAPA.ancho} ${MAPA.alto}`, "aria-hidden": "true" }, recorte, dentro, marco, capas.ejes, asa);
    const caja = crear("div", { class: "mapa", tabindex: "0", role: "application", "aria-label": "Mapa. Con las flechas mueves la salida; con mayúsculas, más despacio." }, svg);
    let funcion = null;

    const aPantalla = ([x, y]) => {
      const u = izquierda + (lado * (1 + x / funcion.lado)) / 2, v = arriba + (lado * (1 - y / funcion.lado)) / 2;
      // Lo que se va muy lejos se dibuja fuera, pero no tanto que el navegador se pierda.
      return [u, v].map((z) => Math.max(-4000, Math.min(4000, z)).toFixed(1));
    };
    const sujeta = (x) => Math.max(-funcion.lado, Math.min(funcion.lado, x));
    let salida = [0, 0];
    const elegir = ([x, y]) => alElegir([x, y].map((z) => Number(sujeta(z).toFixed(2))));

    const desdeRaton = (suceso) => {
      const punto = new DOMPoint(suceso.clientX, suceso.clientY).matrixTransform(svg.getScreenCTM().inverse());
      elegir([((2 * (punto.x - izquierda)) / lado - 1) * funcion.lado, (1 - (2 * (punto.y - arriba)) / lado) * funcion.lado]);
    };
    let arrastra = false;
    svg.addEventListener("pointerdown", (suceso) => {
      // Con el dedo, fuera del asa se puede estar desplazando la página: se espera a que levante.
      if (suceso.pointerType !== "mouse" && !asa.contains(suceso.target)) return;
      arrastra = true;
      svg.setPointerCapture(suceso.pointerId);
      if (suceso.pointerType === "mouse") desdeRaton(suceso);
    });
    svg.addEventListener("pointermove", (suceso) => arrastra && desdeRaton(suceso));
    for (const final of ["pointerup", "pointercancel"]) svg.addEventListener(final, () => (arrastra = false));
    svg.addEventListener("click", desdeRaton);
    caja.addEventListener("keydown", (suceso) => {
      const paso = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[suceso.key];
      if (!paso) return;
      suceso.preventDefault();
      const largo = suceso.shiftKey ? 0.01 : 0.1;
      elegir([salida[0] + largo * paso[0], salida[1] + largo * paso[1]]);
    });

    function dibujarFuncion(nueva) {
      funcion = nueva;
      const esquina = { x: izquierda, y: arriba, width: lado, height: lado };
      capas.fondo.replaceChildren(crear("svg:image", { ...esquina, href: tinte(funcion), preserveAspectRatio: "none" }));
      capas.niveles.replaceChildren(crear("svg:path", { d: funcion.niveles.slice(1).map((n) => curva(funcion, n, aPantalla)).join("") }));
      const estrella = (p) => crear("svg:polygon", { points: ESTRELLA, transform: `translate(${aPantalla(p)})` });
      capas.minimos.replaceChildren(...funcion.minimos.map(estrella));
      const marcas = funcion.marcas.flatMap((m) => [
        crear("svg:text", { x: aPantalla([m, 0])[0], y: arriba + lado + 15, "text-anchor": "middle" }, numero(m)),
        crear("svg:text", { x: izquierda - 6, y: Number(aPantalla([0, m])[1]) + 4, "text-anchor": "end" }, numero(m)),
      ]);
      capas.ejes.replaceChildren(...marcas);
    }

    function dibujarCamino(camino) {
      salida = camino[0];
      const finitos = camino.filter((p) => p.every(Number.isFinite)).map(aPantalla);
      const quebrada = `M${finitos.join("L")}`;
      poner(halo, { d: quebrada });
      poner(linea, { d: quebrada });
      poner(puntos, { d: finitos.map((p) => `M${p}h0`).join("") });
      poner(fin, { transform: `translate(${finitos.at(-1)})` });
      poner(asa, { transform: `translate(${finitos[0]})` });
    }
    return { caja, dibujarFuncion, dibujarCamino };
  }

  // ── El coste, paso a paso ───────────────────────────────────────────────────────

  const GRAFICA = { ancho: 400, alto: 172, izquierda: 40, arriba: 20, largo: 350, caida: 126, hondo: -12, alto10: 6 };

  function hacerGrafica() {
    const { izquierda, arriba, largo, caida, hondo, alto10 } = GRAFICA;
    const linea = crear("svg:path", { class: "coste" }), ejes = crear("svg:g", { class: "ejes" });
    const sube = (J) => arriba + (caida * (alto10 - Math.log10(Math.min(Math.max(J, 10 ** hondo), 10 ** alto10)))) / (alto10 - hondo);
    const rayas = [-12, -6, 0, 6].flatMap((k) => [
      crear("svg:path", { class: "raya", d: `M${izquierda},${sube(10 ** k)}h${largo}` }),
      crear("svg:text", { x: izquierda - 6, y: sube(10 ** k) + 4, "text-anchor": "end" }, k === 0 ? "1" : numero(10 ** k, 1).replace("1·", "")),
    ]);
    const titulo = crear("svg:text", { x: izquierda, y: 11 }, "coste J en cada paso");
    const svg = crear("svg:svg", { viewBox: `0 0 ${GRAFICA.ancho} ${GRAFICA.alto}`, class: "grafica", "aria-hidden": "true" }, ...rayas, titulo, ejes, linea);

    function dibujar(costes, pasos) {
      const abajo = arriba + caida + 16, x = (t) => (izquierda + (largo * t) / pasos).toFixed(1);
      const marcas = [[0, "start"], [Math.round(pasos / 2), "middle"], [pasos, "end"]];
      ejes.replaceChildren(...marcas.map(([t, ancla]) => crear("svg:text", { x: x(t), y: abajo, "text-anchor": ancla }, `${t}`)));
      const puntos = costes.map((J, t) => [x(t), sube(Number.isFinite(J) ? J : Infinity).toFixed(1)]);
      poner(linea, { d: `M${puntos.join("L")}` });
    }
    return { svg, dibujar };
  }

  // ── El juego ────────────────────────────────────────────────────────────────────

  Juegos.montar("descenso", (tablero) => {
    const eleccion = { funcion: "q", optimizador: "SGD", tasa: 0.1, salida: [1, -1], pasos: 50 };
    let cuenta = null; // el cuadro de la animación que está en marcha

    const mapa = hacerMapa((salida) => cambiar({ salida })), grafica = hacerGrafica();
    const opciones = (tabla) => Object.entries(tabla).map(([clave, { nombre }]) => [clave, nombre]);
    const funcion = Juegos.lista(opciones(FUNCIONES), () => {
      const { salida, tasa } = FUNCIONES[funcion.value];
      cambiar({ funcion: funcion.value, salida, tasa });
    });
    const optimizador = Juegos.lista(opciones(OPTIMIZADORES), () => cambiar({ optimizador: optimizador.value }));
    // El deslizador lleva el logaritmo; la casilla, la tasa misma.
    const desliza = crear("input", {
      type: "range", min: -3, max: 1, step: 0.01, "aria-label": "Tasa de aprendizaje, escala logarítmica",
      oninput: () => cambiar({ tasa: Number((10 ** desliza.value).toPrecision(2)) }),
    });
    const casilla = (nombre, paso, alCambiar) => crear("input", {
      type: "number", step: paso, "aria-label": nombre,
      oninput: (suceso) => suceso.target.checkValidity() && suceso.target.value !== "" && alCambiar(Number(suceso.target.value)),
    });
    const tasa = casilla("Tasa de aprendizaje", "any", (valor) => cambiar({ tasa: valor }));
    poner(tasa, { min: "1e-6", max: "100" });
    const coordenadas = [0, 1].map((j) =>
      casilla(`Salida, ${"xy"[j]}`, "any", (valor) => cambiar({ salida: eleccion.salida.map((x, k) => (k === j ? valor : x)) })),
    );
    const pasos = crear("input", { type: "range", min: 1, max: 300, oninput: () => cambiar({ pasos: Number(pasos.value) }) });
    const cuantos = crear("span", { class: "cuantos" });
    const animar = Juegos.boton("Ver bajar", () => bajar());
    const estado = crear("p", { class: "estado" }), aviso = crear("p", { class: "veredicto", role: "status" });

    const mandos = crear("div", { class: "mandos" },
      Juegos.control("Función", funcion),
      Juegos.control("Optimizador", optimizador),
      crear("div", { class: "control" }, crear("span", {}, "Tasa η"), desliza, tasa),
      crear("div", { class: "control" }, crear("span", {}, "Salida"), ...coordenadas),
      Juegos.control("Pasos", pasos, cuantos),
      crear("div", { class: "botones-juego" }, animar),
    );
    tablero.append(mapa.caja, mandos, crear("div", { class: "dicho" }, aviso, estado), grafica.svg);

    function dibujar(camino) {
      const { valor } = FUNCIONES[eleccion.funcion], fin = camino.at(-1);
      mapa.dibujarCamino(camino);
      grafica.dibujar(camino.map((p) => valor(...p)), eleccion.pasos);
      estado.textContent = `Paso ${camino.length - 1}: ${pareja(fin)}, J = ${numero(valor(...fin))}`;
    }

    function cambiar(cambio) {
      cancelAnimationFrame(cuenta);
      const otra = cambio.funcion !== undefined;
      Object.assign(eleccion, cambio);
      if (otra) {
        mapa.dibujarFuncion(FUNCIONES[eleccion.funcion]);
        for (const campo of coordenadas) poner(campo, { min: -FUNCIONES[eleccion.funcion].lado, max: FUNCIONES[eleccion.funcion].lado });
      }
      // En el campo en que se está escribiendo no se escribe.
      const mostrar = (campo, texto) => campo !== document.activeElement && (campo.value = texto);
      [funcion.value, optimizador.value, pasos.value] = [eleccion.funcion, eleccion.optimizador, eleccion.pasos];
      mostrar(desliza, Math.log10(eleccion.tasa));
      poner(desliza, { "aria-valuetext": numero(eleccion.tasa) });
      mostrar(tasa, eleccion.tasa);
      coordenadas.forEach((campo, j) => mostrar(campo, eleccion.salida[j]));
      cuantos.textContent = eleccion.pasos;
      const dicho = veredicto(eleccion);
      aviso.textContent = EN_PALABRAS[dicho.clase](dicho);
      dibujar(trayectoria(eleccion));
    }

    // Enseña el camino poco a poco; quien pide menos movimiento lo ve entero.
    function bajar() {
      cancelAnimationFrame(cuenta);
      const camino = trayectoria(eleccion), dura = Math.min(4000, 120 * eleccion.pasos);
      if (matchMedia("(prefers-reduced-motion: reduce)").matches) return dibujar(camino);
      const inicio = performance.now();
      const cuadro = (ahora) => {
        const t = Math.min(eleccion.pasos, Math.floor((eleccion.pasos * (ahora - inicio)) / dura));
        dibujar(camino.slice(0, Math.max(0, t) + 1));
        if (t < eleccion.pasos) cuenta = requestAnimationFrame(cuadro);
      };
      cuadro(inicio);
    }

    cambiar({ funcion: "q" });
    return { trayectoria, veredicto, cambiar, FUNCIONES, OPTIMIZADORES };
  });
}
