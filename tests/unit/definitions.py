"""Small definitions for unit tests: two servers and a toolbox, without a file."""

from pathlib import Path

from labctl.model import Definition, Listener, Mount, Network, PublishedPort, Service, Volume


def definition(*servers: str) -> Definition:
    """Return a definition with these servers (by default `alpha` and `beta`) and a toolbox."""
    services = {}
    for line, name in enumerate(servers or ("alpha", "beta"), 10):
        listener = Listener(7, "tcp")
        services[name] = Service(
            name,
            "server",
            line,
            labels={"lab.listens": "7/tcp", "lab.summary": f"{name} itself"},
            ports=(PublishedPort(listener, "127.0.0.1", 10000 + line),),
        )
    services["tools"] = Service(
        "tools",
        "client",
        90,
        labels={"lab.role": "toolbox", "lab.work": "/home/student"},
        mounts=(Mount("volume", "work", "/home/student"),),
    )
    network = Network(enable_ipv6=True, subnets=("10.89.0.0/26", "fd6c:6162::/64"))
    return Definition(Path("/somewhere/compose.yaml"), services, network, {"work": Volume("work")})
