"""Alembic's entry: migrate on the connection that `schema.upgrade` hands over."""

from alembic import context

from agentmem.db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
