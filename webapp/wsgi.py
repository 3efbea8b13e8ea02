"""What a WSGI server loads: `gunicorn webapp.wsgi:app`."""

from config import from_environment
from webapp.app import create_app

app = create_app(from_environment())
