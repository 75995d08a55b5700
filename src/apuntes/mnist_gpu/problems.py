"""Los errores que no son de quien programa, dichos en una frase."""

import errno

import torch
import torch.distributed as dist

# Lo que dice el sistema, en español.
_SYSTEM = {
    errno.EACCES: "no hay permiso",
    errno.EDQUOT: "no queda sitio en el disco",
    errno.EEXIST: "ya hay otra cosa con ese nombre",
    errno.EFBIG: "el sistema no admite un fichero tan grande",
    errno.EISDIR: "es una carpeta",
    errno.ENOENT: "no existe",
    errno.ENOSPC: "no queda sitio en el disco",
    errno.ENOTDIR: "parte de la ruta no es una carpeta",
    errno.EPERM: "no hay permiso",
    errno.EROFS: "el disco es de solo lectura",
}


def first_line(error: Exception) -> str:
    """Lo primero que dice un error, que el resto es para quien lo programó."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def system_error(error: OSError) -> str:
    """Un error del sistema, con la ruta."""
    if error.errno is None:
        return first_line(error)
    reason = _SYSTEM.get(error.errno, error.strerror)
    return f"{reason}; se recibió {str(error.filename)!r}"


def out_of_memory(error: Exception) -> bool:
    """Si lo que pasa es que falta memoria, de la GPU o de la máquina."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return "can't allocate memory" in str(error) or "out of memory" in str(error)


def lost_peer(error: Exception) -> bool:
    """Si lo que pasa es que otro proceso del entrenamiento dejó de contestar."""
    return isinstance(error, dist.DistError) or "/gloo/transport/" in str(error)
