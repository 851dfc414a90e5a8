"""Limits that the operating system holds a command to: size of files, no core dumps, no network, death with its parent.

Everything here runs in the child between fork and exec, or asks whether it could.
"""

from __future__ import annotations

import ctypes
import os
import signal
import struct
import sys

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 0x1
LINUX = sys.platform.startswith("linux")


def adopt_orphans() -> None:
    """Let descendants whose parent ends become children of this process, so that none is lost (prctl(2); Linux)."""
    if LINUX:
        _libc().prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def restrict(output_bytes: int, network: bool) -> None:
    """Restrict the process that is about to become the command. OSError where the network cannot be cut off."""
    import resource

    os.setsid()
    if LINUX:
        _libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    most = output_bytes if hard == resource.RLIM_INFINITY else min(output_bytes, hard)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    if not network:
        leave_network()


def leave_network() -> None:
    """Move this process into a network of its own, in which only loopback is up (unshare(2)).

    Raises:
        OSError: it may not, or this is no Linux.
    """
    if not LINUX:
        raise OSError("only Linux can do this")
    libc, user, group = _libc(), os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWNET) != 0:
        if libc.unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        # In a namespace of users of its own the process keeps its number, so that files stay its own.
        for name, line in (("setgroups", "deny"), ("uid_map", f"{user} {user} 1"), ("gid_map", f"{group} {group} 1")):
            with open(f"/proc/self/{name}", "w", encoding="ascii") as file:
                file.write(line)
    _raise_loopback()


def _raise_loopback() -> None:
    import fcntl
    import socket

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as own:
        request = struct.pack("16sh14s", b"lo", 0, b"")
        flags = struct.unpack("16sh14s", fcntl.ioctl(own, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(own, SIOCSIFFLAGS, struct.pack("16sh14s", b"lo", flags | IFF_UP, b""))


def can_leave_network() -> bool:
    """Return True if a child of this process could be cut off from the network."""
    import subprocess

    code = "from repro.commands.limits import leave_network; leave_network()"
    root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    answer = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r}); {code}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
        timeout=60,
    )
    return answer.returncode == 0


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)
