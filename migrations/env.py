"""How Alembic reaches the database: by the same settings as the application."""

from alembic import context

from config import from_environment
from webapp.extensions import make_engine
from webapp.models import Base, Instant


def include(_object, name, kind, _reflected, _compare_to):
    """Leave alone what is not ours in a shared database."""
    return not (kind == "table" and name not in Base.metadata.tables)


def render(kind, item, _context):
    """Write our own column types as the plain ones they are in the database."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def migrate(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        include_object=include,
        render_item=render,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    engine = make_engine(from_environment().database_url)
    with engine.connect().execution_options(writes=True) as connection:
        migrate(connection)
    engine.dispose()
