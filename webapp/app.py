"""The application: `create_app` puts its parts together."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Flask, current_app, g, request
from flask_login import current_user
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from webapp.extensions import babel, bind_database, csrf, db_session, login_manager, make_engine
from webapp.queue import bind_queue
from webapp.services.logins import SignedIn, find_login
from webapp.views import register_views


def create_app(config: Config, engine: Engine | None = None) -> Flask:
    """Return the application for these settings; tests hand in the engine or connection to use."""
    app = Flask(__name__, instance_path=str(config.instance))
    configure(app, config, engine)
    if config.trusted_proxies:
        n = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    csrf.init_app(app)
    login_manager.init_app(app)
    babel.init_app(app, locale_selector=_locale, timezone_selector=_zone)
    register_views(app)

    @app.teardown_appcontext
    def end_session(_error: BaseException | None) -> None:
        db_session.remove()

    return app


def configure(app: Flask, config: Config, engine: Engine | None = None) -> None:
    """Give an application its settings, database and queue; tests give them anew to one that is made already."""
    config.instance.mkdir(parents=True, exist_ok=True)
    app.config.from_mapping(config.flask())
    app.config["MOSAIC"] = config
    app.config["ENGINE"] = engine if engine is not None else make_engine(config.database_url)
    bind_database(app.config["ENGINE"])
    bind_queue(config)


@login_manager.user_loader
def load_user(token: str) -> SignedIn | None:
    return find_login(db_session(), token, now=datetime.now(UTC))


def _locale() -> str:
    if "reader" in g:  # a mail, for somebody else than who may be signed in
        return str(g.reader.language)
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    languages = current_app.config["MOSAIC"].languages
    return request.accept_languages.best_match(languages) or str(languages[0])


def _zone() -> str:
    if "reader" in g:
        return ZoneInfo(g.reader.zone).key
    return ZoneInfo(current_user.zone).key if current_user and current_user.is_authenticated else "UTC"
