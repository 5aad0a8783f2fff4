"""Under which addresses and names a machine is reached on its own network: asked of the machine, never of the network.

No packet leaves: the kernel's tables are read, and a datagram socket that is only *connected* says which of our addresses
it would use, without sending anything.
"""

import ipaddress
import re
import socket
from pathlib import Path

TABLES = Path("/proc/net")
NOWHERE = ("192.0.2.1", "10.255.255.255", "172.31.255.255", "192.168.255.255")     # 192.0.2.1 is for documents: it is nobody's
_HOST = re.compile(r"\|-- (\d+\.\d+\.\d+\.\d+)\n\s+/32 host LOCAL")


def addresses(tables: Path = TABLES) -> list[str]:
    """The addresses of this machine that phones beside it may use, the likeliest first; of every interface."""
    found = [*filter(None, map(_towards, NOWHERE)), *_known_to_the_kernel(tables)]
    return [text for text in dict.fromkeys(found) if is_reachable(text)]


def names() -> list[str]:
    """The name of this machine, and the one under which its neighbours find it without a name server."""
    name = socket.gethostname().lower()
    short = name.partition(".")[0]
    return list(dict.fromkeys([name, f"{short}.local"])) if short and short != "localhost" else []


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_reachable(text: str) -> bool:
    """Can a neighbour reach this address? Not the machine's own loop, nor one that holds on a single wire only."""
    address = ipaddress.ip_address(text)
    is_public_six = address.version == 6 and not address.is_private            # these change with the provider, even daily
    return not (address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast or is_public_six)


def is_this_machine_alone(host: str) -> bool:
    """Does a server that listens here answer this machine only?"""
    name = host.strip("[]")
    return name in ("", "localhost") or (is_address(name) and ipaddress.ip_address(name).is_loopback)


def _towards(far: str) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((far, 9))
            return str(asking.getsockname()[0])
        except OSError:
            return ""


def _known_to_the_kernel(tables: Path) -> list[str]:
    """Linux lists what it answers to; elsewhere the routes must do."""
    found = []
    try:
        found += _HOST.findall((tables / "fib_trie").read_text())
        for line in (tables / "if_inet6").read_text().splitlines():
            found.append(str(ipaddress.IPv6Address(int(line.split()[0], 16))))
    except OSError:
        pass
    return found
