"""What locust runs, in a virtual environment of its own: people who open pages while a round is worked out.

The visits stand in the JSON file that MOSAIC_VISITS names: a list of name, path and cookie.
"""

import json
import os
import random
from pathlib import Path

from locust import HttpUser, constant_pacing, task

VISITS = json.loads(Path(os.environ["MOSAIC_VISITS"]).read_text(encoding="utf-8"))


class Visitor(HttpUser):
    """Opens one page a second, drawn from the list."""

    wait_time = constant_pacing(1)

    @task
    def visit(self):
        chosen = random.choice(VISITS)
        self.client.get(
            chosen["path"],
            name=chosen["name"],
            headers={"Cookie": f"mosaic={chosen['cookie']}"},
            allow_redirects=False,
        )
