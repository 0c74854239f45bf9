"""The programs that LiveKit publishes as Go modules, and who else offers them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Program:
    """One program: the Go module at its version, and the package to compile.

    `libraries` are C libraries as pkg-config names them; one that has some needs a C
    compiler, too. `official` says where a ready-made program is to be had.
    """

    name: str
    module: str
    version: str
    entry: str
    official: str
    libraries: tuple[str, ...] = ()


LIVEKIT_SERVER = Program(
    name="livekit-server",
    module="github.com/livekit/livekit-server",
    version="v1.13.5",
    entry="./cmd/server",
    official=(
        "https://github.com/livekit/livekit/releases (on a Mac: brew install livekit), "
        "or run the container image livekit/livekit-server and set LIVEKIT_URL"
    ),
)
# Of the same month as livekit-server: they share a protocol.
LIVEKIT_SIP = Program(
    name="livekit-sip",
    module="github.com/livekit/sip",
    version="v1.8.0",
    entry="./cmd/livekit-sip",
    official=(
        "take it out of the container image livekit/sip, or run that image "
        "with host networking as docker/compose.yml does"
    ),
    libraries=("opus", "opusfile", "soxr"),
)
PROGRAMS = {program.name: program for program in (LIVEKIT_SERVER, LIVEKIT_SIP)}
