# Copyright (c) 2026, saasops.jobs contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP options of all modules."""

from __future__ import annotations


class ModuleDocFragment:
    DOCUMENTATION = r"""
requirements:
  - requests >= 2.25.1 (Python library)
options:
  timeout:
    description:
      - Number of seconds to wait for a connection, and for each part of a response.
      - A request and its response together can take at most five minutes, or O(timeout) if that is longer. The time for
        uploads does not count, and archives can take as long as they need.
    type: float
    default: 30
  validate_certs:
    description:
      - Whether to verify the TLS certificate of the service. If V(false), the module warns about it, as anyone on the
        network path can then read and change the traffic.
    type: bool
    default: true
  ca_path:
    description:
      - File with CA certificates in PEM format, or folder of such files, to verify the service with.
      - A folder must have been prepared with C(openssl rehash). Other certificates in it are ignored.
      - If not set, the value of E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) is used, or else the certificates that come
        with the C(requests) library.
    type: path
  client_cert:
    description:
      - File with a client certificate in PEM format, for services that require one. It can contain the key as well.
      - The certificate is presented to the service and to the host that the task signs in to. It is not presented to
        the hosts of archives, or to other hosts that the service redirects to.
    type: path
  client_key:
    description:
      - File with the key of O(client_cert) in PEM format, if the certificate file does not contain it. The key must not
        be encrypted.
    type: path
  retries:
    description:
      - How many times to send a request again after a temporary failure, such as a lost connection or a C(503). The
        module waits between attempts, each time longer and with some randomness, or as long as the service asks for, up
        to a minute.
      - All attempts of one request together take at most five minutes, not counting the time that a rate limit demands.
      - A C(429) does not count as a failure. The module slows down to what the service allows, and warns once about how
        long it had to wait. It gives up only if the service accepts no requests at all any more.
      - The module never blindly repeats a request that changes something. If the response was lost, it first checks
        whether the service has carried out the request.
    type: int
    default: 4
  max_concurrency:
    description:
      - Maximum number of requests at the same time, from 1 to 64.
      - The task begins with fewer, and sends more at a time as long as the service answers as fast as before. If the
        requests only queue at the service, or if it refuses some, the task sends fewer. Response times that merely vary
        do not slow the task down.
      - No more than 8 archives are fetched at a time.
    type: int
    default: 32
  http_agent:
    description:
      - Value of the C(User-Agent) header.
    type: str
    default: ansible-saasops-jobs
notes:
  - With a local connection, the task runs inside Ansible's own process, where it starts several times faster. With
    the same results, it runs as an ordinary module over any other connection, with C(async) or C(become), with an
    C(ansible_python_interpreter) that is not Ansible's own, if C(environment) sets variables that Python reads when it
    starts, if Ansible's own Python lacks C(requests), and on macOS unless E(no_proxy) is C(*). To always run it as a
    module, set the variable C(saasops_jobs_in_process=false). Only modules write an entry to the system log.
  - Inside Ansible's own process, the task shows its progress while it works. It shows each change of the state of a job
    that it waits for. Work that takes longer also shows, every five seconds, how many of several items are done, and
    how much of each archive has arrived. The variable C(saasops_jobs_progress) controls this. With V(auto), which is
    the default, the task shows progress only if Ansible writes to a terminal. With V(true), it always does, and with
    V(false), never. Ansible's log file then holds the progress too. Tasks with C(no_log=true) and ordinary modules show
    none. Results never contain any.
  - When a task is interrupted, is terminated or reaches its C(timeout), it starts nothing new, and gives what is in
    progress up to five seconds to end. The result then says what happened to each item. After Ctrl-C, when Ansible no
    longer shows results, the counts are printed; a module writes them to the system log. The C(timeout) of a task does
    not stop a module, which continues to run.
  - Proxies are taken from the environment (E(HTTPS_PROXY), E(HTTP_PROXY), E(ALL_PROXY), E(NO_PROXY)). C(socks5) and
    C(socks5h) proxies need the Python library C(PySocks). C(.netrc) is never read.
  - Responses can be up to 16 MiB in size, lists up to 64 MiB, and captions and transcripts up to 256 MiB. Absurdly
    large numbers in them, for example with 400 digits, become V(null).
  - Environment variables are read on the host where the module runs. If they are set on the control node, run the
    module there, for example with C(delegate_to=localhost).
"""
