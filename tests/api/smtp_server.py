"""A mail server for the tests: takes mail on 127.0.0.1 and keeps each as a file.

    python3 smtp_server.py PORT FOLDER [plain]

Says "ready PORT" once it listens and ends when its standard input closes. An address that begins with "bounce" is
refused for good, one that begins with "later" is put off the first time, "full" has a full mailbox, "closing" makes
the server close; of "spam" the text is refused, of "busy" it is put off, and of "slow" it is taken after a second.
"plain" takes addresses of ASCII alone (no SMTPUTF8). Needs aiosmtpd.
"""

import asyncio
import pathlib
import sys
import uuid

from aiosmtpd.controller import Controller


class Keeper:
    """Keeps every mail it takes, with the address it was for in the first line."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.put_off = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("bounce"):
            return "550 5.1.1 no such mailbox here"
        if address.startswith("later") and address not in self.put_off:
            self.put_off.add(address)
            return "451 4.7.1 try again later"
        if address.startswith("full"):
            return "552 5.2.2 mailbox full"
        if address.startswith("closing"):
            return "421 4.3.2 closing"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        first = envelope.rcpt_tos[0]
        if first.startswith("spam"):
            return "554 5.7.1 this looks like spam"
        if first.startswith("busy"):
            return "452 4.3.1 no room now"
        if first.startswith("slow"):
            await asyncio.sleep(1)
        name = uuid.uuid4().hex
        draft = self.folder / f".{name}"
        to = ",".join(envelope.rcpt_tos).encode("utf-8")
        draft.write_bytes(b"X-To: " + to + b"\r\n" + envelope.content)
        draft.rename(self.folder / f"{name}.eml")
        return "250 taken"


def main():
    port, folder = int(sys.argv[1]), sys.argv[2]
    beyond_ascii = "plain" not in sys.argv[3:]
    controller = Controller(Keeper(folder), hostname="127.0.0.1", port=port, enable_SMTPUTF8=beyond_ascii)
    controller.start()
    print(f"ready {controller.port}", flush=True)
    sys.stdin.read()
    controller.stop()


main()
