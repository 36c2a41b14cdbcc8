"""A gunicorn configuration: the server's workers live from AGANO_TEST_NOW on."""

import os
from datetime import datetime

import time_machine
from gunicorn.workers.base import Worker


def post_worker_init(worker: Worker) -> None:
    """Set the worker's clock; it goes on ticking."""
    time_machine.travel(datetime.fromisoformat(os.environ["AGANO_TEST_NOW"]), tick=True).start()
