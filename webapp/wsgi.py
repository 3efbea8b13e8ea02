"""What a WSGI server loads: `gunicorn webapp.wsgi:app`."""

import gc

from sqlalchemy.orm import sessionmaker

from config import from_environment
from webapp.app import create_app
from webapp.jobs.reading_ahead import ReadingAhead

app = create_app(from_environment())
# Modules and routes live as long as the process. To look through them for garbage took a sixth of a second each time.
gc.freeze()
ReadingAhead(sessionmaker(app.config["ENGINE"]), app.jinja_env).start()
