// «Citar»: los enlaces permanentes, que sin JavaScript ya llevan a la cosa, abren además
// un diálogo con su dirección y la referencia en ISO 690, APA 7 y BibTeX.
(() => {
  const meta = (nombre) => document.querySelector(`meta[name="cita:${nombre}"]`)?.content;
  const OBRA = meta("obra"), AUTOR = meta("autor"), VERSION = meta("version"), FECHA = meta("fecha");
  if (!OBRA) return;

  const larga = (fecha) => fecha.toLocaleDateString("es", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  const limpio = (nodo) => {
    if (!nodo) return "";
    const copia = nodo.cloneNode(true);
    copia.querySelectorAll(".numero, .headerlink, .rotulo, annotation").forEach((n) => n.remove());
    return copia.textContent.replace(/^[\s.]+|\s+$/g, "").replace(/\s+/g, " ");
  };

  // Qué se cita: cómo se llama, qué título tiene y dónde está.
  function cosa(enlace) {
    const caja = enlace.closest("h1, h2, h3, h4, .ecuacion, figure, .ejercicio, .errata");
    const direccion = document.querySelector("link[rel=canonical]")?.href ?? location.href.split("#")[0];
    const titulo1 = document.querySelector("article h1");
    const numero = caja.querySelector(".numero")?.textContent.replace(/\.$/, "");
    const capitulo = titulo1.querySelector(".numero")?.textContent.replace(/\.$/, "");
    const base = { url: `${direccion}#${caja.id}`, sena: caja.id, titulo: "", nombre: "", capitulo: "" };
    if (caja === titulo1) {
      const portada = document.querySelector("article .portada");
      return { ...base, url: direccion, titulo: portada ? "" : limpio(caja), nombre: portada ? "el curso" : capitulo ? `capítulo ${capitulo}` : "" };
    }
    base.capitulo = capitulo ? `cap. ${capitulo}, «${limpio(titulo1)}»` : `«${limpio(titulo1)}»`;
    if (/^H\d$/.test(caja.tagName)) return { ...base, titulo: limpio(caja), nombre: numero ? `§${numero}` : "" };
    if (caja.matches(".ecuacion")) return { ...base, nombre: `ecuación ${numero}` };
    const rotulo = enlace.textContent.replace(/ citar$/, "");
    const titulo = caja.matches(".ejercicio, .errata") ? limpio(caja.querySelector("p.rotulo")) : "";
    return { ...base, titulo, nombre: rotulo[0].toLowerCase() + rotulo.slice(1) };
  }

  const mayuscula = (texto) => texto && texto[0].toUpperCase() + texto.slice(1);
  const parte = ({ titulo, nombre }) => (titulo && nombre ? `${titulo} (${nombre})` : titulo || mayuscula(nombre));
  // Cada formato es una lista de trozos; los que van en una lista son cursiva.
  const FORMATOS = {
    "ISO 690": (c, hoy) => [
      `${AUTOR.toUpperCase()}. `, ...(parte(c) && c.nombre !== "el curso" ? [`${parte(c)}. En: `] : []), [OBRA],
      ` [en línea]. Versión ${VERSION}, actualizada el ${larga(new Date(FECHA))}${c.capitulo && `, ${c.capitulo}`} [consulta: ${larga(hoy)}]. Disponible en: ${c.url}`,
    ],
    "APA 7": (c, hoy) => [
      `${AUTOR}. (${FECHA.slice(0, 4)}). `, ...(parte(c) && c.nombre !== "el curso" ? [`${parte(c)}. En `] : []), [OBRA],
      ` (versión ${VERSION}${c.capitulo && `; ${c.capitulo}`}). Recuperado el ${larga(hoy)}, de ${c.url}`,
    ],
    BibTeX: (c, hoy) => {
      const tex = (texto) => texto.replace(/[&%$#_]/g, "\\$&");
      const entera = c.nombre === "el curso";
      const campos = {
        author: `{${AUTOR}}`,
        title: `{${tex(entera ? OBRA : parte(c))}}`,
        ...(entera ? {} : { howpublished: tex(`En: ${OBRA}${c.capitulo && `, ${c.capitulo}`}`) }),
        version: VERSION,
        year: FECHA.slice(0, 4),
        url: c.url,
        urldate: hoy.toISOString().slice(0, 10),
        langid: "spanish",
      };
      const lineas = Object.entries(campos).map(([campo, valor]) => `  ${campo} = {${valor}},`);
      return [`@misc{apuntes-${c.sena},\n${lineas.join("\n")}\n}`];
    },
  };

  const dialogo = document.createElement("dialog");
  dialogo.className = "citar-dialogo";
  dialogo.setAttribute("aria-labelledby", "citar-titulo");
  dialogo.innerHTML = `<form method="dialog"><h2 id="citar-titulo"></h2><button class="cerrar" aria-label="Cerrar">×</button></form>
    <div class="filas"></div><p class="aviso" role="status"></p>`;
  // Pulsar fuera también cierra: el propio `dialog` es el fondo.
  dialogo.addEventListener("click", (e) => e.target === dialogo && dialogo.close());

  function fila(rotulo, trozos) {
    const caja = document.createElement("section");
    caja.innerHTML = `<h3></h3><button type="button">Copiar</button><div class="texto"></div>`;
    const [titulo, boton, texto] = caja.children;
    titulo.textContent = rotulo;
    boton.setAttribute("aria-label", `Copiar: ${rotulo}`);
    for (const trozo of trozos) {
      const nodo = document.createElement(Array.isArray(trozo) ? "cite" : "span");
      nodo.textContent = trozo;
      texto.append(nodo);
    }
    texto.classList.toggle("bibtex", rotulo === "BibTeX");
    boton.addEventListener("click", () => copiar(texto, rotulo));
    return caja;
  }

  async function copiar(texto, rotulo) {
    const aviso = dialogo.querySelector(".aviso");
    try {
      const html = texto.innerHTML.replace(/<(\/?)cite>/g, "<$1i>");
      const tipos = { "text/plain": texto.textContent, ...(rotulo === "BibTeX" ? {} : { "text/html": html }) };
      const trozos = Object.entries(tipos).map(([tipo, valor]) => [tipo, new Blob([valor], { type: tipo })]);
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(trozos))]);
      aviso.textContent = `Copiado: ${rotulo}.`;
    } catch {
      // Sin permiso, o fuera de https: se deja elegido para copiarlo a mano.
      getSelection().selectAllChildren(texto);
      aviso.textContent = "Tu navegador no deja copiar: está seleccionado, cópialo con Ctrl+C.";
    }
  }

  function abrir(enlace) {
    const c = cosa(enlace), hoy = new Date();
    const local = new Date(Date.UTC(hoy.getFullYear(), hoy.getMonth(), hoy.getDate()));
    dialogo.querySelector("h2").textContent = `Citar: ${c.titulo && c.nombre ? `${c.nombre}, ${c.titulo}` : c.nombre || c.titulo}`;
    dialogo.querySelector(".filas").replaceChildren(
      fila("Dirección permanente", [c.url]),
      ...Object.entries(FORMATOS).map(([rotulo, formato]) => fila(rotulo, formato(c, local))),
    );
    dialogo.querySelector(".aviso").textContent = "";
    dialogo.showModal();
  }

  // Una seña que se mudó de página lleva a donde está ahora.
  function mudarse() {
    const mudada = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (mudada?.matches(".mudanza")) location.replace(mudada.querySelector("a").href);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.body.append(dialogo);
    const enlaces = "article :is(h1, h2, h3) > .headerlink, .ecuacion > a.numero, figcaption a.rotulo, :is(.ejercicio, .errata) > .rotulo > a.rotulo";
    document.querySelectorAll(enlaces).forEach((enlace) => {
      enlace.setAttribute("aria-haspopup", "dialog");
      enlace.title = "Citar";
      const rotulo = document.createElement("span");
      rotulo.className = "citar";
      rotulo.textContent = enlace.matches(".headerlink") ? "citar" : " citar";
      if (enlace.matches(".headerlink")) enlace.replaceChildren(rotulo);
      else enlace.append(rotulo);
      // Con Ctrl, Mayús o el botón central sigue siendo un enlace.
      enlace.addEventListener("click", (e) => {
        if (e.ctrlKey || e.metaKey || e.shiftKey || e.altKey || e.button) return;
        e.preventDefault();
        abrir(enlace);
      });
    });
    mudarse();
    addEventListener("hashchange", mudarse);
  });
})();
