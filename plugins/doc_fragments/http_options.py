# Copyright: (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of every module that talks over HTTP."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - requests >= 2.25.1 (Python library)
options:
  timeout:
    description:
      - Seconds to wait for a connection, and for each part of an answer.
      - One request with its answer takes five minutes at most, or O(timeout) if that is longer. The time that an upload
        takes does not count, and archives may take as long as they need.
    type: float
    default: 30
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the service. Without that, a warning says so, and anybody on the way
        can read and change what is sent.
    type: bool
    default: true
  ca_path:
    description:
      - A file with CA certificates in PEM format, or a folder of them, to verify the service with.
      - Of a folder, only those certificates count that C(openssl rehash) was run for.
      - Without it, E(REQUESTS_CA_BUNDLE) and E(CURL_CA_BUNDLE) of the environment count, else the certificates that
        the C(requests) library brings.
    type: path
  client_cert:
    description:
      - A file with a certificate in PEM format, for a service that demands one of its clients. It may hold the key as
        well.
      - It is shown to the service and to where the task signs in, and not to the hosts of archives or to other hosts
        that the service redirects to.
    type: path
  client_key:
    description:
      - A file with the key of O(client_cert) in PEM format, if that does not hold it. It must not be encrypted.
    type: path
  retries:
    description:
      - How many times a request may be sent again after a fault that passes, such as a lost connection or a C(503),
        with growing, random pauses between, or as long as the service asks for, up to a minute.
      - All tries of one request together take five minutes at most, not counting the time that a rate limit asks for.
      - A C(429) is not taken for a fault. The module slows down to what the service allows, warns once for how long it
        had to wait, and gives up only if the service takes no request at all any more.
      - A request that changes something is never sent again blindly. If its answer was lost, the module first looks
        whether it has been carried out.
    type: int
    default: 4
  max_concurrency:
    description:
      - How many requests may be under way at the same time, from 1 to 64.
    type: int
    default: 8
  http_agent:
    description:
      - The C(User-Agent) that the service sees.
    type: str
    default: ansible-saasops-jobs
notes:
  - With a local connection this runs inside Ansible's own process, which is several times faster to start than a
    module. It runs as a module, with the same results, over any other connection, with C(async), C(become) or an
    C(ansible_python_interpreter) that is not Ansible's own, where C(environment) sets variables that Python reads when
    it starts, where Ansible's own Python lacks C(requests), and on macOS unless E(no_proxy) is C(*). The variable
    C(saasops_jobs_in_process=false) makes it always run as a module. Only modules leave an entry in the system log.
  - When a task is interrupted, terminated or runs into its C(timeout), what is under way may end, for five seconds at
    most, and nothing further is begun. The result then says of each item what became of it. After Ctrl-C, when
    Ansible shows no results any more, the counts are printed; a module leaves them in the system log. The C(timeout) of
    a task does not reach into a module, which goes on.
  - Proxies are taken from the environment (E(HTTPS_PROXY), E(HTTP_PROXY), E(ALL_PROXY), E(NO_PROXY)). For those of the
    kinds C(socks5) and C(socks5h), the Python library C(PySocks) is needed. C(.netrc) is never read.
  - Answers are taken up to 16 MiB, lists up to 64 MiB, captions and transcripts up to 256 MiB. Numbers in them that
    nothing can be counted with, such as one of 400 digits, are taken for V(null).
  - Environment variables are read where the module runs. Run it on the control node (for example with
    C(delegate_to=localhost)) if that is where they are set.
"""
