"""A gunicorn configuration: the server's workers live from AGANO_TEST_NOW on."""

import os
from datetime import datetime

import time_machine


def post_worker_init(worker: object) -> None:
    """Set the worker's clock; it goes on ticking."""
    del worker
    time_machine.travel(datetime.fromisoformat(os.environ["AGANO_TEST_NOW"]), tick=True).start()
