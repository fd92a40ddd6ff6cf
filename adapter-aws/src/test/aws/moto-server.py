"""Serves moto on a free port of loopback and prints its address; ends when its standard input does.

With --fill the least count of a RunInstances becomes its most on the way in: moto launches the least of the two counts, EC2 as many as
there is room for, and batches of a pool begin with one.
"""

import io
import re
import sys
from urllib.parse import parse_qsl, urlencode

from moto.server import ThreadedMotoServer
import moto.server


def filling(app):
    def patched(environ, start_response):
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length)
        if re.search(rb"(^|&)Action=RunInstances(&|$)", body):
            words = dict(parse_qsl(body.decode(), keep_blank_values=True))
            words["MinCount"] = words["MaxCount"]
            body = urlencode(words).encode()
        environ["CONTENT_LENGTH"] = str(len(body))
        environ["wsgi.input"] = io.BytesIO(body)
        return app(environ, start_response)

    return patched


if "--fill" in sys.argv:
    dispatcher = moto.server.DomainDispatcherApplication
    original = dispatcher.__call__
    dispatcher.__call__ = lambda self, environ, start: filling(lambda e, s: original(self, e, s))(environ, start)

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print("http://%s:%s" % server.get_host_and_port(), flush=True)
sys.stdin.read()
