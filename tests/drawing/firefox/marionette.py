"""Firefox without a window, driven by its own protocol: lengths and JSON over a socket on loopback."""

from __future__ import annotations

import base64
import json
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

# The protocol has no names for ports: Firefox listens to the one in its profile.
_PROFILE = """user_pref("marionette.port", {port});
user_pref("datareporting.policy.dataSubmissionEnabled", false);
user_pref("app.update.enabled", false);
user_pref("network.proxy.type", 1);
user_pref("network.proxy.http", "127.0.0.1");
user_pref("network.proxy.http_port", 9);
user_pref("network.proxy.ssl", "127.0.0.1");
user_pref("network.proxy.ssl_port", 9);
user_pref("ui.prefersReducedMotion", 1);
"""
_SECONDS = 60


class Firefox:
    """One running Firefox with one tab."""

    def __init__(self, binary: Path, folder: Path) -> None:
        port = _free_port()
        (folder / "user.js").write_text(_PROFILE.format(port=port), "utf-8")
        command = [str(binary), "--headless", "--marionette", "--no-remote", "--profile", str(folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._socket = self._connected(port)
        self._number = 0
        self._read()
        self._call("WebDriver:NewSession", {})

    def _connected(self, port: int) -> socket.socket:
        end = time.monotonic() + _SECONDS
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=_SECONDS)
            except ConnectionRefusedError:
                assert self._process.poll() is None and time.monotonic() < end, "Firefox does not listen"
                time.sleep(0.1)

    def _read(self) -> Any:
        length = b""
        while (each := self._socket.recv(1)) != b":":
            assert each, "Firefox has gone"
            length += each
        content = b""
        while len(content) < int(length):
            content += self._socket.recv(int(length) - len(content))
        return json.loads(content)

    def _call(self, name: str, parameters: dict[str, Any]) -> Any:
        self._number += 1
        message = json.dumps([0, self._number, name, parameters]).encode()
        self._socket.sendall(b"%d:%s" % (len(message), message))
        _, number, error, result = self._read()
        assert number == self._number and not error, error
        return result

    def resize(self, width: int, height: int) -> None:
        """Make what is inside of the window so large."""
        self._call("WebDriver:SetWindowRect", {"width": width, "height": height})
        inner = self.evaluate("return [innerWidth, innerHeight]")
        size = {"width": 2 * width - inner[0], "height": 2 * height - inner[1]}
        self._call("WebDriver:SetWindowRect", size)

    def open(self, address: str) -> None:
        """Open a page, and wait until it is ready."""
        self._call("WebDriver:Navigate", {"url": "about:blank"})
        self._call("WebDriver:Navigate", {"url": address})
        end = time.monotonic() + _SECONDS
        while not self.evaluate("return document.documentElement.dataset.ready === 'true'"):
            assert time.monotonic() < end, "never ready"
            time.sleep(0.05)

    def evaluate(self, script: str, *given: Any) -> Any:
        """What a script returns, which sees the page as the page sees itself."""
        parameters = {"script": script, "args": list(given), "sandbox": None}
        return self._call("WebDriver:ExecuteScript", parameters)["value"]

    def settle(self) -> None:
        """Until what was changed is in the window."""
        script = "const [done] = arguments; requestAnimationFrame(() => requestAnimationFrame(() => done()));"
        self._call("WebDriver:ExecuteAsyncScript", {"script": script, "args": [], "sandbox": None})

    def press(self, *keys: str) -> None:
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        self._call("WebDriver:PerformActions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def click(self, x: float, y: float) -> None:
        """A click of the mouse on a point of the window."""
        moves = [
            {"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        mouse = {"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": moves}
        self._call("WebDriver:PerformActions", {"actions": [mouse]})

    def screenshot(self) -> bytes:
        """What is in the window, as a PNG."""
        found = self._call("WebDriver:TakeScreenshot", {"full": False, "hash": False})
        return base64.b64decode(found["value"])

    def close(self) -> None:
        self._socket.close()
        self._process.terminate()
        self._process.wait(_SECONDS)


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
